"""The commands: where each stands and what it is for; none is imported before its turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from kaogong.cli.tongue import both


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its module in this room, the function in it, and one sentence of help."""

    module: str
    function: str
    help: str

    def load(self) -> Callable[..., None]:
        """Return the function, importing its module."""
        module = import_module(f"kaogong.cli.{self.module}")
        return cast("Callable[..., None]", getattr(module, self.function))


COMMANDS: Mapping[str, Command] = {
    "demo": Command("demo", "demo", both(
        "演示：生成一个虚构的城市，按几地公布的办法评价，展示结果。",
        "Evaluate an invented city under published rules of several places; show what comes out.",
    )),
    "init": Command("init", "init", both(
        "新建一套可以直接核对的小方案，供修改。",
        "Make a small programme that checks clean, to be changed.",
    )),
    "check": Command("check", "check", both(
        "检查方案：一次列出全部错误、警告和说明，各有位置和改法。",
        "Check a programme: all errors, warnings and notes at once, with place and hint.",
    )),
    "describe": Command("describe", "describe", both(
        "用文字写出方案：每条规则和每个起作用的默认值。",
        "Say a programme in words: every rule, and every default that applies.",
    )),
    "compile": Command("compile", "print_plan", both(
        "输出运行的每一步：用途说明和DuckDB的SQL，供审计。",
        "Print every step of a run, for auditors: what it is for, and its SQL for DuckDB.",
    )),
    "import": Command("intake", "take", both(
        "收取一张报表：逐格检查，存为快照，退回不合格的行。",
        "Take in a sheet: check every cell, keep a snapshot, send back the rows that failed.",
    )),
    "freeze": Command("freeze", "freeze", both(
        "把某日已知的快照和更正固定为一个冻结。",
        "Fix the snapshots and corrections known on a day as one freeze.",
    )),
    "synth": Command("synth", "synth", both(
        "生成合成数据：虚构的企业、园区和各部门报表。",
        "Make synthetic data: invented enterprises, parks and office sheets.",
    )),
    "run": Command("run", "run", both(
        "运行方案：把评价办法用于一个地区的数据，得出分数、名次和档次。",
        "Run a programme over a region's data: scores, ranks and classes.",
    )),
    "test": Command("cases", "golden_cases", both(
        "运行方案自带的算例。",
        "Run the golden cases that a programme ships.",
    )),
    "explain": Command("explain", "explain", both(
        "解释一个主体的结果：逐步列出数值、基准、得分和条款。",
        "Explain one subject's result: each step with value, benchmark, points and clause.",
    )),
    "entitle": Command("entitle", "entitle", both(
        "一户企业应得什么、差一点得什么、差多少、何时截止。",
        "What a subject is owed, what it just misses and by how much, and by when.",
    )),
    "compare": Command("compare", "compare", both(
        "比较两次运行：谁升谁降，因哪一步。",
        "Compare two runs: who moved, and which step moved whom.",
    )),
    "export": Command("export", "export", both(
        "把一个排序范围导出为带公式的xlsx。",
        "Export one ranking pool as a workbook with live formulas.",
    )),
    "schema": Command("schema", "schema", both(
        "输出文件格式的JSON Schema，供编辑器补全和校验。",
        "Print the JSON Schema of the documents, for editors to complete and check with.",
    )),
}  # fmt: skip

"""The shape of the project itself: its rooms, the size of its modules, what its files may hold."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.spread import scope_of

ROOT = Path(__file__).resolve().parent.parent
DIGESTS = "tests/data/test_digest_engines.py"
PACKAGE = ROOT / "src" / "kaogong"
ROOMS = {
    "language",
    "kinds",
    "programme",
    "data",
    "plan",
    "engine",
    "insight",
    "report",
    "cli",
}
LATER_ROOMS = {"loop", "chain", "match", "workbench"}
MADE = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis"}
TEXT = {".py", ".toml", ".lock", ".md", ".yaml", ".yml", ".sh", ".csv", ".json", ".txt", ""}
# Put together from parts, or this file would find itself.
INDEXES = [
    "pypi" + ".org",
    "files." + "pythonhosted",
    "--" + "index-url",
    "--" + "find-links",
    "registry." + "npmjs",
    "mirrors." + "aliyun",
    "pypi.tuna." + "tsinghua",
]


@cache
def _files() -> list[Path]:
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [n for n in below if n not in MADE and not n.endswith(("_cache", ".egg-info"))]
        found += [Path(folder) / name for name in names]
    return found


@cache
def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_rooms_are_those_of_the_design() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms >= ROOMS
    assert rooms <= ROOMS | LATER_ROOMS


def test_programmes_hold_files_and_no_code() -> None:
    assert not list((PACKAGE / "programmes").rglob("*.py"))


def test_floors_name_every_room_once() -> None:
    floors = _project()["tool"]["importlinter"]["contracts"][0]
    named = [re.sub(r"[() ]", "", part) for layer in floors["layers"] for part in layer.split("|")]
    assert sorted(named) == sorted(ROOMS | LATER_ROOMS)
    assert floors["exhaustive"] is True


def test_no_module_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in _files()
        if path.suffix == ".py"
    }
    assert {path: length for path, length in lengths.items() if length > 800} == {}


def test_no_module_has_an_empty_name() -> None:
    empty = {"util", "utils", "helper", "helpers", "manager", "misc", "common"}
    assert [path for path in PACKAGE.rglob("*.py") if path.stem in empty] == []


def test_no_file_holds_the_address_of_a_package_index() -> None:
    found = []
    for path in _files():
        if path.suffix in TEXT and path != Path(__file__):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {index}" for index in INDEXES if index in text]
    assert found == []


def test_no_lock_with_addresses_lies_in_the_tree() -> None:
    assert not {path.name for path in _files()} & {"uv.lock", "package-lock.json", "pylock.toml"}


def test_every_locked_package_has_hashes_and_one_version() -> None:
    stanzas = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert len(stanzas) > 40
    for stanza in stanzas:
        assert re.match(r"[a-z0-9-]+==\S+", stanza), stanza
        assert "--hash=sha256:" in stanza, stanza


def test_lock_covers_every_declared_package() -> None:
    locked = set(
        re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    )
    assert _declared() <= locked


def test_every_declared_package_has_its_reason_in_the_documentation() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    used = page.split("## Not used")[0]
    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", used, re.MULTILINE)) - {"package"} == _declared()


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md"])
def test_make_commands_of_the_readme_exist(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) - {"help"} <= targets
    assert {"demo", "test"} <= set(
        re.findall(r"^make ([a-z]+)", text, re.MULTILINE)
    ) or "CONTRI" in page


def test_both_readmes_give_the_same_commands() -> None:
    english, chinese = (
        re.sub(r"#.*", "", "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)))
        for text in ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    )
    assert english.replace("--lang en", "--lang zh") == chinese


def test_make_help_lists_every_target() -> None:
    shown = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split()[1] for line in shown.stdout.splitlines()] == _targets()


def test_make_test_leaves_no_mark_out_and_make_quick_only_what_is_said() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    runs = re.findall(
        r"^(test|quick): .*\n(?:\t.*\n)*?\t@\$\(PYTEST\)(.*)$", makefile, re.MULTILINE
    )
    left_out = '-m "not spark and not browser and not thorough"'
    assert runs == [("test", ""), ("quick", f" {left_out} --hypothesis-profile quick")]
    assert "-m " not in " ".join(re.findall(r"^PYTEST := (.*)$", makefile, re.MULTILINE)).replace(
        "-m pytest", ""
    )
    assert "-m" not in _project()["tool"]["pytest"]["ini_options"]["addopts"].split()


def test_ci_runs_what_the_readme_says() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("make")] == ["make check", "make test"]


def test_tests_reach_no_other_machine() -> None:
    with pytest.raises(OSError, match="tests need no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def _targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE)


def _declared() -> set[str]:
    project = _project()["project"]
    lists = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *_project()["dependency-groups"].values(),
    ]
    return {re.split(r"[\[<>=~! ]", line)[0].lower() for group in lists for line in group}


@pytest.mark.parametrize(
    ("nodeid", "scope"),
    [
        ("tests/data/test_digest_engines.py::test_spark_gives_the_same", "spark"),
        ("tests/data/test_digest_engines.py::test_duckdb_gives[a::test_spark_]", DIGESTS),
        ("tests/differential/test_rolled.py::test_postgres_adds[1]", "postgres"),
        ("tests/insight/test_steps.py::test_a", "runs"),
        ("tests/report/test_workbook.py::test_b", "runs"),
    ],
)
def test_tests_of_a_server_or_of_shared_runs_share_a_process(nodeid: str, scope: str) -> None:
    assert scope_of(nodeid) == scope

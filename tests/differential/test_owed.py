"""Ladders and policies over random firms: the engine's rows are those of the oracle."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import duckdb
import pytest

from kaogong.data.folder import read_bundle, shelf
from kaogong.engine.run import Order, run
from kaogong.insight.answered import Answer
from kaogong.insight.case_results import keys_of
from kaogong.insight.cases import run_cases
from kaogong.insight.climbing import climbed
from kaogong.insight.facts import RunSubject
from kaogong.insight.opened import open_run
from kaogong.insight.owed import Owed
from kaogong.insight.owing import owing
from kaogong.insight.registers import Registers
from kaogong.language.quantity import round_half_away
from kaogong.programme.programme import Programme, load_programme

FOLDER = Path(__file__).parent / "owed"
FIRMS = [f"F{n:03d}" for n in range(60)]
SEEDS = (1, 2)
Row = dict[str, object]


@cache
def programme() -> Programme:
    bundle, _ = read_bundle(FOLDER, "owed")
    made = load_programme(bundle, shelf(FOLDER))
    assert made.can_run, [f"{f.span} {f.sentence('en')}" for f in made.findings]
    return made


def some(dice: random.Random, values: Sequence[object], gap: float = 0.15) -> object:
    """Return one of some values, or nothing."""
    return "" if dice.random() < gap else dice.choice(values)


REVENUES = ("0", "99.99", "100", "499.99", "500", "700", "999.99", "1000", "1499.5", "1500", "2000",
            "2500.01", "3000", "3000.01", "4000")  # fmt: skip
RESEARCH = ("0", "0.5", "1.23", "10", "35.07", "61.73", "100", "123.45", "250")
DEBTS = ("-5", "0", "20", "29.99", "30", "50", "50.01", "55", "60", "75", "120")
SIZES = ("0", "10", "19.99", "20", "33.33", "50", "60", "100", "200")
DAYS = ("2024-01-01", "2024-06-30", "2024-12-31", "2023-12-31", "2025-01-01")


def _year(dice: random.Random, firm: str, year: str) -> list[object]:
    figures = [some(dice, values) for values in (REVENUES, RESEARCH, DEBTS)]
    return [firm, year, *figures, some(dice, ("是", "否", "否", "否")), some(dice, "ABCD")]


def _title(dice: random.Random, firm: str, number: int) -> list[object]:
    days = (some(dice, DAYS[3:4] + DAYS[:2], 0.1), some(dice, ("2024-12-30", *DAYS[2:3]), 0.3))
    status = some(dice, ("已认定", "已认定", "复核中", "到期", "撤销"), 0.1)
    named = (some(dice, ("高新", "专精"), 0.1), some(dice, ("市级", "省级"), 0.1))
    return [firm, f"t{number}", *named, *days, status]


def tables(seed: int) -> dict[str, list[list[object]]]:
    """Return random registers, the headings first."""
    dice = random.Random(seed)  # noqa: S311  # nothing secret
    years: list[list[object]] = []
    contracts: list[list[object]] = []
    for firm in FIRMS:
        there = [y for y in ("2022", "2023", "2024") if y == "2024" or dice.random() < 0.7]
        years += [_year(dice, firm, year) for year in there]
        contracts += [
            [firm, f"c{n}", some(dice, DAYS, 0.1), some(dice, SIZES), some(dice, SIZES)]
            for n in range(dice.randrange(6))
        ]
    titles = [_title(dice, firm, n) for firm in FIRMS for n in range(dice.randrange(3))]
    heads = {
        "firm": ["subject_id"],
        "firm_year": ["subject_id", "period", "revenue", "rd", "debt", "listed", "grade"],
        "contract": ["subject_id", "contract_no", "signed_on", "amount", "paid"],
        "title_record": [
            "subject_id", "title_no", "title", "level", "valid_from", "valid_to", "status",
        ],
    }  # fmt: skip
    rows = {
        "firm": [[f] for f in FIRMS], "firm_year": years, "contract": contracts,
        "title_record": titles,
    }  # fmt: skip
    return {name: [head, *rows[name]] for name, head in heads.items()}


def ran(folder: Path, made: dict[str, list[list[object]]]) -> Path:
    data = folder / "data"
    data.mkdir(parents=True)
    for name, rows in made.items():
        with (data / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    report = run(programme(), Order(data, "2024", folder / "run"))
    assert report.out is not None, [f.sentence("en") for f in report.findings]
    return report.out


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("owed")
    return {seed: ran(folder / str(seed), tables(seed)) for seed in SEEDS}


def rows_of(out: Path, relation: str) -> Iterator[Row]:
    files = [str(path) for path in (out / relation).glob("*.parquet")]
    found = duckdb.execute(
        "SELECT * FROM read_parquet(?, union_by_name = true) ORDER BY ALL", [files]
    )
    names = [column[0] for column in found.description or ()]
    yield from (dict(zip(names, row, strict=True)) for row in found.fetchall())


def shown(value: Fraction | None, factor: Fraction = Fraction(1)) -> Decimal | None:
    """Return a figure as the relation keeps it, with six decimals."""
    if value is None:
        return None
    whole = round_half_away(value / factor, 6)
    return Decimal(whole.numerator) / Decimal(whole.denominator)


def test_the_golden_cases_hold() -> None:
    assert [(r.case.address, r.got) for r in run_cases(programme()) if not r.holds] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_rungs_and_conditions_are_those_of_the_oracle(seed: int, runs: dict[int, Path]) -> None:
    rules = programme().ladders["climb"]
    results = {str(row["subject"]): row for row in rows_of(runs[seed], "ladder_result")}
    conditions: dict[tuple[object, ...], Row] = {
        (row["subject"], row["rung"], row["condition"]): row
        for row in rows_of(runs[seed], "ladder_condition")
    }
    assert {row["state"] for row in results.values()} == {"meets", "pending", "fails"}
    with duckdb.connect() as connection:
        registers = Registers(open_run(runs[seed]), connection)
        for firm in FIRMS:
            stand = climbed(rules, RunSubject(registers, firm, "firm"))
            got = results[firm]
            assert (got["rung"], got["state"], got["next_rung"], got["missing"]) == (
                stand.rung, stand.state, stand.next_rung, "; ".join(stand.missing) or None,
            )  # fmt: skip
            asked = [(None, stand.base), *((r.id, stand.rungs[r.id]) for r in rules.rungs)]
            for rung, answers in asked:
                for answer in answers.values():
                    check_answer(conditions[firm, rung, answer.rule.id], answer)
            for rung in rules.rungs:
                for id, value in stand.points[rung.id].items():
                    if id.startswith("points."):
                        row = conditions[firm, rung.id, id]
                        known = isinstance(value, Fraction)
                        assert row["outcome"] == ("scored" if known else "unknown")
                        assert row["value"] == (shown(value) if known else None)


def check_answer(row: Row, answer: Answer) -> None:
    got = (row["outcome"], row["value"], row["bound"], row["distance"])
    want = (answer.outcome, shown(answer.value), shown(answer.bound), shown(answer.distance))
    assert got == want, (row["subject"], answer.rule.id)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("policy", ["help", "easy"])
def test_entitlements_are_those_of_the_oracle(
    seed: int, policy: str, runs: dict[int, Path]
) -> None:
    rules = programme().policies[policy]
    keys = keys_of(programme(), rules)
    kept = {
        (row["subject"], row["clause"], row["item"] or ""): row
        for row in rows_of(runs[seed], "entitlement")
        if row["document"] == policy
    }
    conditions = {
        (row["subject"], row["clause"], row["item"] or "", row["condition"]): row
        for row in rows_of(runs[seed], "entitlement_condition")
        if row["document"] == policy
    }
    seen: set[tuple[object, ...]] = set()
    with duckdb.connect() as connection:
        registers = Registers(open_run(runs[seed]), connection)
        for firm in FIRMS:
            for owed in owing(rules, RunSubject(registers, firm, "firm"), keys):
                key = (firm, owed.clause.id, owed.item)
                check_owed(kept[key], owed)
                seen.add(key)
                for answer in owed.answers.values():
                    check_answer(conditions[(*key, answer.rule.id)], answer)
    assert seen == set(kept)
    outcomes = {row["outcome"] for row in kept.values()}
    assert outcomes >= {"entitled", "not_entitled", "unknown"}
    assert ("open" in outcomes) is (policy == "help")


def check_owed(row: Row, owed: Owed) -> None:
    factor = owed.clause.unit.factor
    names = ("amount_min", "amount", "amount_max", "after_cap", "after_limit")
    got = (row["outcome"], row["reason"] or "", *(row[name] for name in names))
    amounts = (shown(getattr(owed, name), factor) for name in names)
    assert got == (owed.outcome, owed.reason, *amounts), (row["subject"], owed.clause.id, owed.item)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_paid_over_a_cap_or_a_limit(seed: int, runs: dict[int, Path]) -> None:
    spent: dict[tuple[object, ...], Decimal] = {}
    best: dict[tuple[object, ...], int] = {}
    for row in rows_of(runs[seed], "entitlement"):
        paid = row["after_limit"]
        if not isinstance(paid, Decimal):
            continue
        assert row["outcome"] == "entitled"
        assert paid >= 0
        key = (row["subject"], row["clause"])
        spent[key] = spent.get(key, Decimal(0)) + paid
        if row["limit"] == "best":
            best[row["subject"], "best"] = best.get((row["subject"], "best"), 0) + (paid > 0)
    assert max(spent[key] for key in spent if key[1] == "tech") <= Decimal("33.33")
    assert max(spent[key] for key in spent if key[1] == "share") <= Decimal("12.3")
    assert max(best.values()) == 1


def test_the_order_of_rows_changes_nothing(tmp_path: Path, runs: dict[int, Path]) -> None:
    dice = random.Random(7)  # noqa: S311  # nothing secret
    shuffled = {}
    for name, (head, *rows) in tables(1).items():
        dice.shuffle(rows)
        shuffled[name] = [head, *rows]
    out = ran(tmp_path, shuffled)
    for relation in ("ladder_result", "ladder_condition", "entitlement", "entitlement_condition"):
        assert list(rows_of(out, relation)) == list(rows_of(runs[1], relation))


@pytest.mark.spark
def test_spark_gives_the_same_rows(tmp_path: Path, runs: dict[int, Path]) -> None:
    data = runs[1].parent / "data"
    report = run(programme(), Order(data, "2024", tmp_path / "run", engine="spark", threads=2))
    assert report.out is not None
    for relation in ("ladder_result", "ladder_condition", "entitlement", "entitlement_condition"):
        assert list(rows_of(report.out, relation)) == list(rows_of(runs[1], relation))

"""The shipped library: 51 schemes as their sources print them, nothing invented, all linked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest

import kaogong
from kaogong.kinds.indicator import Indicator
from kaogong.kinds.scheme import Scheme
from kaogong.language.document import read_documents
from kaogong.language.span import Block, List, Text
from kaogong.programme.bundle import Bundle, Shelf
from kaogong.programme.load import Document, Linked, link
from kaogong.programme.programme import checked

PROGRAMMES = Path(kaogong.__file__).parent / "programmes"
LIBRARY = PROGRAMMES / "library"
FILLS = PROGRAMMES / "fills"
SCHEMES = (
    "zhejiang_2018",
    "hangzhou_2018",
    "huzhou_2018",
    "quzhou_2018",
    "huangyan_2021",
    "huangyan_2022",
    "wenling_2021",
    "wenling_park_2022",
    "tiantai_2022",
    "jingning_2022",
    "suichang_2023",
    "yiwu_2023",
    "ruian_2018",
    "jiaxing_2021",
    "xiuzhou_2013",
    "xiuzhou_dyeing_2018",
    "haining_2013",
    "pinghu_2023",
    "cixi_2024",
    "haishu_2024",
    "shandong_2019",
    "dezhou_2024",
    "changle_2023",
    "huancui_2022",
    "jining_hightech_2023",
    "jining_edz_2023",
    "taierzhuang_2023",
    "anhui_2021",
    "jingde_2022",
    "anhui_city",
    "fuyang_2024",
    "tongling_2021",
    "hefei_2023",
    "bengbu_2021",
    "chaohu_2021",
    "maanshan_3_0",
    "wuhu_2024",
    "huaian_2024",
    "nanjing_2017_2018",
    "wuxi_2018",
    "jiangyin_2024",
    "changzhou_2018",
    "wujin_draft",
    "zhengzhou_2018",
    "anyang_2018",
    "sichuan_2020",
    "gaoming_2018",
    "hengyang_2022",
    "older_city_quality_firm",
    "zhejiang_digital_2019",
    "gaobeidian_2021",
)
ALL = "all_fills"  # a programme of the library with every fill laid over it, linked once
_HEADER = f"""\
kind: Programme
id: {ALL}
title: 全部填充
language: 1
extends: [library, {", ".join(f"fill_{id}" for id in SCHEMES)}]
draft: true
"""
# Hosts that copy official text but are not to be opened.
COPIED_FROM = (
    "iruorou",
    "0477ly",
    "dphlt",
    "kc7kc8",
    "greekporn",
    "gu456",
    "dingqianjf",
    "mzzy9",
    "carolscott",
    "gdztc",
    "at2000",
    "gotovision",
    "ajqwthf",
)
# What a fill may leave open, because no result of a run depends on it.
LEFT_OPEN = {"fuyang_2024.room.scores.weight", "fuyang_2024.room.scores.lines"}


@cache
def _bundle(folder: Path) -> Bundle:
    files = {
        str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
    return Bundle(folder.name, files)


@cache
def _linked(programme: str) -> Linked:
    shelf = {"library": _bundle(LIBRARY), "demo": _bundle(PROGRAMMES / "demo")}
    shelf |= {f"fill_{p.name}": _bundle(p) for p in sorted(FILLS.iterdir()) if p.is_dir()}
    shelf[ALL] = Bundle(ALL, {"programme.yaml": _HEADER.encode()})
    return link(shelf[programme], Shelf(shelf))


def _document(programme: str, kind: str, id: str) -> Document:
    return _linked(programme).documents[kind, id]


def _scheme(programme: str, id: str) -> Scheme:
    model = _document(programme, "Scheme", id).model
    assert isinstance(model, Scheme)
    return model


def _block(node: object, *path: str) -> Block:
    """Return the mapping at an address."""
    for step in path:
        assert isinstance(node, Block)
        node = node[step]
    assert isinstance(node, Block)
    return node


def _blocks(node: object, *path: str) -> dict[str, Block]:
    """Return the mapping of mappings at an address."""
    return {name: _block(inside) for name, inside in _block(node, *path).items()}


def _indicators() -> dict[str, Indicator]:
    found: dict[str, Indicator] = {}
    for (kind, id), document in _linked("library").documents.items():
        if kind == "Indicator":
            assert isinstance(document.model, Indicator)
            found[id] = found[document.model.title["zh"]] = document.model
    return found


def _open_slots(node: object, path: str) -> Iterator[str]:
    if isinstance(node, Block):
        if "open" in node:
            yield path
        else:
            for key, inside in node.items():
                yield from _open_slots(inside, f"{path}.{key}")


def _lines(node: object) -> Iterator[Block]:
    """Yield every scored line below a node."""
    if isinstance(node, List):
        for inside in node:
            yield from _lines(inside)
    if isinstance(node, Block):
        if "indicator" in node:
            yield node
        for inside in node.values():
            yield from _lines(inside)


def test_library_holds_the_51_published_schemes_a_file_each() -> None:
    held = {id for kind, id in _linked("library").documents if kind == "Scheme"}
    assert held == set(SCHEMES)
    assert len(SCHEMES) == 51
    assert {p.stem for p in (LIBRARY / "per_mu").glob("*.yaml")} == held


@pytest.mark.parametrize("programme", ["library", "demo", ALL])
def test_every_shipped_programme_links_without_a_finding(programme: str) -> None:
    assert _linked(programme).findings == ()


@pytest.mark.parametrize("id", SCHEMES)
def test_scheme_names_its_source_and_no_copied_host(id: str) -> None:
    source = _scheme("library", id).source
    assert source is not None
    assert source.evidence in {"official", "republished", "secondary"}
    assert source.document or source.number or source.link
    assert not any(host in str(source.link) for host in COPIED_FROM)


@pytest.mark.parametrize("id", SCHEMES)
def test_every_line_names_an_indicator_and_choices_that_exist(id: str) -> None:
    indicators = _indicators()
    for line in _lines(_document(ALL, "Scheme", id).block):
        indicator = indicators[str(line["indicator"])]
        chosen = line.get("with", {})
        assert isinstance(chosen, dict)
        assert set(chosen) == set(indicator.variants), line.span
        for name, choice in chosen.items():
            assert choice in indicator.variants[name], line.span


@pytest.mark.parametrize("id", SCHEMES)
def test_fill_leaves_nothing_open_and_says_that_it_is_invented(id: str) -> None:
    document = _document(ALL, "Scheme", id)
    block = Block(document.block.span)
    block.update({k: v for k, v in document.block.items() if k != "readings"})
    assert set(_open_slots(block, id)) <= LEFT_OPEN
    assert document.model.source is not None
    assert document.model.source.evidence == "example"
    assert "\ndraft: true\n" in (FILLS / id / "programme.yaml").read_text("utf-8")


@pytest.mark.parametrize("id", SCHEMES)
def test_weights_of_a_filled_group_add_up_to_a_hundred(id: str) -> None:
    for name, group in _blocks(_document(ALL, "Scheme", id).block, "groups").items():
        lines = _blocks(group, "scores")
        if lines:
            assert sum(Decimal(str(line["weight"])) for line in lines.values()) == 100, name


def test_open_slots_give_a_reason_in_words() -> None:
    for path in sorted((LIBRARY / "per_mu").glob("*.yaml")):
        for why in re.findall(r"\{open: ([^}]*)\}", path.read_text("utf-8")):
            assert re.search(r"[\u4e00-\u9fff]{2,}", why), path.name


@pytest.mark.parametrize("id", SCHEMES)
def test_other_reading_speaks_of_a_place_that_exists(id: str) -> None:
    document = _document("library", "Scheme", id)
    for reading in document.model.readings.values():
        for address in reading.other:
            _block(document.block, *address.split(".")[:-1])


@pytest.mark.parametrize("programme", ["library", "demo"])
def test_shipped_programme_checks_with_nothing_but_notes(programme: str) -> None:
    told = checked(_linked(programme)).findings
    assert [f for f in told if f.level != "note"] == []


PRINTED: dict[str, tuple[tuple[str, str, str], ...]] = {
    "huangyan_2021": (
        ("tax_per_mu", "30", "26.01"),
        ("va_per_mu", "20", "132.27"),
        ("va_per_energy", "20", "2.54"),
        ("va_per_emission", "10", "4861.08"),
        ("labour", "10", "17.45"),
        ("rd", "10", "0.0305"),
        ("tax_per_mu", "50", "16.601058"),
        ("tax_per_power", "50", "0.236565"),
    ),
    "huangyan_2022": (
        ("tax_per_mu", "30", "24.097"),
        ("va_per_mu", "20", "136.16"),
        ("va_per_energy", "20", "2.694"),
        ("va_per_emission", "10", "4929.81"),
        ("labour", "10", "18.14"),
        ("rd", "10", "0.0302"),
        ("tax_per_mu", "50", "11.5932"),
        ("tax_per_power", "50", "0.2352"),
    ),
}


def _number(node: object) -> str:
    found = re.match(r"[\d.]+", str(node))
    assert found is not None
    return found.group()


@pytest.mark.parametrize("id", PRINTED)
def test_huangyan_has_the_digits_that_were_printed(id: str) -> None:
    written = tuple(
        (name, _number(line["weight"]), _number(line["benchmark"]))
        for group in _blocks(_document("library", "Scheme", id).block, "groups").values()
        for name, line in _blocks(group, "scores").items()
    )
    assert written == PRINTED[id]


def _worked(id: str, group: slice, values: list[str]) -> Decimal:
    """Return the sum of the item scores, each rounded half up to four decimals."""
    points = (
        Decimal(x) * Decimal(weight) / Decimal(benchmark)
        for x, (_, weight, benchmark) in zip(values, PRINTED[id][group], strict=True)
    )
    return sum((p.quantize(Decimal("0.0001"), ROUND_HALF_UP) for p in points), Decimal(0))


@pytest.mark.parametrize("id", PRINTED)
def test_golden_cases_of_huangyan_are_the_sums_of_its_printed_coefficients(id: str) -> None:
    examples = _block(_document("library", "Scheme", id).block, "examples")
    above = _worked(id, slice(0, 6), ["30", "100", "3", "5000", "20", "0.02"])
    below = _worked(id, slice(6, 8), ["20", "0.3"])
    assert Decimal(str(_block(examples, "worked", "expect")["score"])) == above
    assert Decimal(str(_block(examples, "below_worked", "expect")["score"])) == below


QUOTAS = {
    "changle_2023": [
        ("A", "[0, 20%]"),
        ("B", "(20%, 75%]"),
        ("C", "(75%, 95%]"),
        ("D", "(95%, 100%]"),
    ],
    "huaian_2024": [
        ("A", "[0, 20%]"),
        ("B", "(20%, 60%]"),
        ("C", "(60%, 95%]"),
        ("D", "(95%, 100%]"),
    ],
    "tongling_2021": [
        ("A", "[0, 20%]"),
        ("B", "(20%, 65%]"),
        ("C", "(65%, 95%]"),
        ("D", "(95%, 100%]"),
    ],
    "anhui_city": [
        ("甲A", "[0, 25%]"),
        ("乙B", "(25%, 70%]"),
        ("丙C", "(70%, 95%]"),
        ("丁D", "(95%, 100%]"),
    ],
}


@pytest.mark.parametrize("id", QUOTAS)
def test_printed_quotas(id: str) -> None:
    classes = _scheme("library", id).classes
    assert isinstance(classes, dict)
    assert [(n, str(c.take)) for n, c in classes.items() if isinstance(c.take, Text)] == QUOTAS[id]


WEIGHTS = {
    ("anhui_city", "above"): [45, 20, 15, 15, 5],
    ("huaian_2024", "above"): [45, 35, 20],
    ("wujin_draft", "above"): [40, 20, 10, 10, 10, 10],
    ("sichuan_2020", "all"): [20, 20, 20, 5, 5, 30],
}


@pytest.mark.parametrize(("id", "group"), WEIGHTS)
def test_printed_weights(id: str, group: str) -> None:
    scores = _blocks(_document("library", "Scheme", id).block, "groups", group, "scores")
    assert [int(str(line["weight"])) for line in scores.values()] == WEIGHTS[id, group]


def test_demo_is_marked_synthetic_and_stands_on_a_division_never_assigned() -> None:
    header = _linked("demo").header
    assert header is not None
    assert header.synthetic
    assert str(header.division) == "980100"
    assert "合成" in header.title["zh"]


def test_files_are_documents_that_a_person_can_read_line_by_line() -> None:
    for path in PROGRAMMES.rglob("*.yaml"):
        documents, findings = read_documents(path.read_text("utf-8"), path.name)
        assert documents
        assert not findings
        lines = path.read_text("utf-8").splitlines()
        assert max(len(line) for line in lines if "http" not in line) <= 200, path.name

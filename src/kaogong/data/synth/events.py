"""What happened to firms, at declared rates: accidents, penalties, honours, projects, tasks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kaogong.data.synth.city import City
from kaogong.data.synth.people import SMALL, People, day
from kaogong.data.synth.streams import BoolArray, IntArray, Streams
from kaogong.data.synth.table import (
    Column,
    Joined,
    Number,
    Same,
    Table,
    Units,
    Words,
    subjects,
)
from kaogong.data.synth.years import MISSING, Facts

INCIDENTS = ("安全", "环境", "食品", "质量", "网络数据")
GRADES = ("一般", "较大", "重大", "特别重大")
PENALTIES = ("环保", "能源", "质量", "安全", "税务", "市场监管", "土地", "其他")
HONOURS = (
    "战略性新兴产业",
    "研发平台",
    "质量奖",
    "发明专利",
    "品牌",
    "标准",
    "绿色工厂",
    "专精特新",
    "信用",
    "上市",
)
LEVELS = ("县级", "市级", "省级", "国家级")
TASKS = ("节能", "减排", "去产能", "其他")
ITEMS = (
    "能耗",
    "化学需氧量",
    "二氧化硫",
    "用地",
    "税收",
    "环保达标",
    "能耗达标",
    "质量达标",
    "安全达标",
    "其他",
)
STATES = ("待开工", "在建", "竣工", "投产", "终止")


@dataclass(slots=True)
class _Draw:
    """Subjects struck in the years, a random day each, and further draws."""

    generator: np.random.Generator
    who: IntArray
    year: IntArray  # place of the year

    @property
    def count(self) -> int:
        return len(self.who)

    def days(self, years: range) -> IntArray:
        starts = np.array([day(year, 1, 1) for year in years])
        return starts[self.year] + self.generator.integers(0, 365, self.count)

    def word(self, words: tuple[str, ...], shares: tuple[float, ...]) -> Words:
        limits = np.cumsum(shares)
        return Words(
            np.searchsorted(limits, self.generator.random(self.count) * limits[-1], side="right"),
            words,
        )


def _strike(people: People, among: BoolArray, rate: float, generator: np.random.Generator) -> _Draw:
    """Draw who is struck in each year, each firm independently."""
    hits = [
        np.flatnonzero(among & people.alive(at) & (generator.random(people.count) < rate))
        for at in range(len(people.years))
    ]
    year = np.repeat(np.arange(len(hits)), [len(hit) for hit in hits])
    return _Draw(generator, np.concatenate(hits), year)


def _numbers(prefix: str, draw: _Draw) -> Column:
    return Joined((Same(prefix), Number(np.arange(draw.count) + 1, 8)))


def event_tables(
    city: City, people: People, last: Facts, plain: BoolArray, streams: Streams
) -> dict[str, Table]:
    """Return the six registers of events; `plain` firms only, so that cases keep their story."""
    owners = plain & (people.pool <= SMALL)
    above = plain & (people.pool == 0)
    years = people.years

    def struck(place: int, among: BoolArray, rate: float) -> _Draw:
        return _strike(people, among, rate, streams.of("events", place))

    return {
        "incident": _incidents(struck(1, owners, city.accident_rate), years),
        "penalty": _penalties(struck(2, owners, city.penalty_rate), years),
        "honour": _honours(
            struck(3, above, city.honour_rate / len(years)), years, above & (last["high_tech"] == 1)
        ),
        "major_project": _projects(struck(4, above, city.project_rate / len(years)), years),
        "annual_task": _tasks(struck(5, above, city.task_rate), years, city.task_missed),
        "inspection": _inspections(struck(6, above, city.inspection_rate), years),
    }


def _incidents(draw: _Draw, years: range) -> Table:
    return {
        "subject_id": subjects(draw.who),
        "incident_no": _numbers("SYNI", draw),
        "happened_on": Units(draw.days(years)),
        "incident_kind": draw.word(INCIDENTS, (0.62, 0.20, 0.04, 0.12, 0.02)),
        "grade": draw.word(GRADES, (0.90, 0.085, 0.013, 0.002)),
    }


def _penalties(draw: _Draw, years: range) -> Table:
    amount = np.rint(2_000 * (1 + 20 * draw.generator.random(draw.count) ** 3)) * 100
    return {
        "subject_id": subjects(draw.who),
        "penalty_no": _numbers("SYN罚", draw),
        "decided_on": Units(draw.days(years)),
        "penalty_kind": draw.word(PENALTIES, (0.30, 0.05, 0.12, 0.22, 0.12, 0.10, 0.05, 0.04)),
        "grade": draw.word(("一般", "严重"), (0.93, 0.07)),
        "amount": Units(amount.astype(np.int64)),
    }


def _honours(draw: _Draw, years: range, high_tech: BoolArray) -> Table:
    """Draw honours; a high-tech enterprise has that title as well, of the last three years."""
    titled = np.flatnonzero(high_tech)
    recent = draw.generator.integers(max(len(years) - 3, 0), len(years), len(titled))
    both = _Draw(
        draw.generator, np.concatenate([draw.who, titled]), np.concatenate([draw.year, recent])
    )
    kind = draw.word(HONOURS, (0.10, 0.18, 0.06, 0.28, 0.12, 0.08, 0.05, 0.08, 0.04, 0.01))
    level = draw.word(LEVELS, (0.30, 0.35, 0.28, 0.07))
    tail = np.full(len(titled), len(HONOURS))
    awarded = both.days(years)
    kinds = np.concatenate([kind.values, tail])
    lasts = np.isin(kinds, (1, 6, 7, len(HONOURS)))
    return {
        "subject_id": subjects(both.who),
        "honour_no": _numbers("SYNH", both),
        "honour_kind": Words(kinds, (*HONOURS, "高新技术企业")),
        "level": Words(np.concatenate([level.values, np.full(len(titled), 3)]), LEVELS),
        "awarded_on": Units(awarded),
        "valid_to": Units(np.where(lasts, awarded + 3 * 365, MISSING)),
    }


def _projects(draw: _Draw, years: range) -> Table:
    approved = draw.days(years)
    state = draw.word(STATES, (0.15, 0.50, 0.15, 0.17, 0.03))
    started = np.where(
        np.isin(state.values, (1, 2, 3)),
        approved + draw.generator.integers(-60, 240, draw.count),
        MISSING,
    )
    finished = np.where(np.isin(state.values, (2, 3)), started + 500, MISSING)
    return {
        "subject_id": subjects(draw.who),
        "project_no": _numbers("SYNX", draw),
        "name": Joined((Number(np.arange(draw.count) + 1, 0, "合成项目"), Same("号"))),
        "level": draw.word(LEVELS, (0.4, 0.35, 0.22, 0.03)),
        "approved_on": Units(approved),
        "started_on": Units(started),
        "finished_on": Units(finished),
        "state": state,
    }


def _tasks(draw: _Draw, years: range, missed: float) -> Table:
    due = np.array([day(year, 12, 31) for year in years])
    return {
        "subject_id": subjects(draw.who),
        "task_no": _numbers("SYNT", draw),
        "task_kind": draw.word(TASKS, (0.5, 0.35, 0.05, 0.10)),
        "due_on": Units(due[draw.year]),
        "outcome": draw.word(("完成", "未完成", "未考核"), (0.9 - missed, missed, 0.1)),
    }


def _inspections(draw: _Draw, years: range) -> Table:
    item = draw.word(ITEMS, (0.2, 0.1, 0.08, 0.2, 0.12, 0.1, 0.08, 0.05, 0.05, 0.02))
    reaches = np.isin(item.values, (5, 6, 7, 8))
    good = draw.generator.random(draw.count) < 0.95
    return {
        "subject_id": subjects(draw.who),
        "inspection_no": _numbers("SYNJ", draw),
        "inspected_on": Units(draw.days(years)),
        "item": item,
        "finding": Words(
            np.where(reaches, 2, 0) + np.where(good, 0, 1), ("属实", "不实", "达标", "不达标")
        ),
        "for_period": Words(draw.year, tuple(str(year) for year in years)),
    }

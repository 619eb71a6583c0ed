"""Schemes to rules: every key read in its scope, every mistake a finding.

A group's own `scores scoring adjust rank pools classes` hold whole, else the scheme's; a line's own
scoring keys are laid over the group's. What an indicator line does not say and nobody else says is
missing and told (KG104), because nothing that moves a result has a silent default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar, cast

from kaogong.kinds.indicator import Indicator
from kaogong.kinds.parts import Figure, OpenSlot, Value
from kaogong.kinds.scheme import (
    SCORING_KEYS,
    Adjust,
    Cut,
    Group,
    Leave,
    Line,
    Merge,
    Move,
    Rank,
    Scheme,
    Scoring,
)
from kaogong.language.check import check
from kaogong.language.expression import Constant, Expression, Open
from kaogong.language.fact import Fact
from kaogong.language.finding import Finding, Refused, finding, refuse
from kaogong.language.interval import Interval, NotAnInterval, read_interval
from kaogong.language.kind import NUMBER, OPEN, YES_NO, Kind
from kaogong.language.quantity import read_quantity
from kaogong.language.scope import Scope, fold
from kaogong.language.span import Block, Span, Text
from kaogong.programme.indicators import indicator_fact, local_scope
from kaogong.programme.load import Document
from kaogong.programme.names import NameBook
from kaogong.programme.rules import (
    AdjustRule,
    CutRule,
    FigureRule,
    GroupRule,
    Held,
    LeaveRule,
    LineRule,
    MergeRule,
    MoveRule,
    Order,
    RankRule,
    SchemeRules,
)
from kaogong.programme.values import condition_of, open_slot, value_of

Made = TypeVar("Made")
NO_TITLE: Mapping[str, str] = {}
OWN_KEYS = ("points", "scale", "round_at", "cap", "floor", "missing", "zero")


@dataclass(slots=True)
class SchemeReader:
    """Reads one scheme; findings are collected, so that all are told together."""

    book: NameBook
    document: Document
    findings: list[Finding] = field(default_factory=list)
    scope: Scope = field(init=False)
    model: Scheme = field(init=False)

    def __post_init__(self) -> None:
        """Open the scope of the scheme's subjects."""
        assert isinstance(self.document.model, Scheme)
        self.model = self.document.model
        subject = str((self.model.of or ("",))[0])
        self.scope = self.book.scope(subject)

    def read(self) -> SchemeRules | None:
        """Return the rules, or None where something essential cannot be read."""
        model, id = self.model, str(self.model.id)
        self._require("of", "period", "unknown", "total")
        if model.of is None or ("Register", str(model.of[0])) not in self.book.documents:
            if model.of is not None:
                self._tell("KG201", model.of[0].span, name=model.of[0], subject=id, near="")
            return None
        scope = self.tried(
            lambda: local_scope(self.book, self.scope, model.let, model.parameters, id)
        )
        if scope is None:
            return None
        self.scope = scope
        opens = self._open_tables()
        groups = self._groups(opens)
        return SchemeRules(
            id, _titles(model.title, id), str(model.of[0]), str(model.period or "year"),
            str(model.unknown or "hold"), self._takes_part(), self._leaves(), self._returns(),
            self._merge(), groups, self._adjust_caps(), self._floor(), self._moves(groups),
            self._vacated(), {k: str(v) for k, v in model.publishes.items()}, model.trial,
            str(model.in_place_of or ""), tuple(opens),
            str(model.source.evidence or "") if model.source else "", self.document.block.span,
        )  # fmt: skip

    # -- population -----------------------------------------------------------------------

    def _takes_part(self) -> Expression:
        population = self.model.population
        if isinstance(population, OpenSlot):
            return open_slot(population, self._at("population"), YES_NO)
        place = self._at("population.takes_part")
        made = self.tried(lambda: condition_of(population.takes_part, self.scope, place))
        return made if made is not None else Constant(True, YES_NO, self._span())

    def _leaves(self) -> tuple[LeaveRule, ...]:
        population = self.model.population
        if isinstance(population, OpenSlot) or isinstance(population.leaves, OpenSlot):
            return ()
        made = [self._leave(k, v) for k, v in population.leaves.items()]
        return tuple(x for x in made if x is not None)

    def _leave(self, id: str, leave: Leave) -> LeaveRule | None:
        place = self._at(f"population.leaves.{id}")
        when = self.tried(lambda: condition_of(leave.when, self.scope, place))
        if when is None:
            return None
        return LeaveRule(
            id, _titles(leave.title, id), when, leave.as_, str(leave.class_ or ""),
            str(leave.treated_as or ""), _article(leave.source),
        )  # fmt: skip

    def _returns(self) -> tuple[tuple[str, Expression], ...]:
        population = self.model.population
        if isinstance(population, OpenSlot) or isinstance(population.returns, OpenSlot):
            return ()
        made: list[tuple[str, Expression]] = []
        for id, condition in population.returns.items():
            place = self._at(f"population.returns.{id}")
            when = self.tried(
                lambda c=condition, p=place: condition_of(c, self.scope, p)  # type: ignore[misc]  # bound now
            )
            if when is not None:
                made.append((id, when))
        return tuple(made)

    def _merge(self) -> MergeRule | Open | None:
        units = self.model.units
        if units is None:
            return None
        if isinstance(units, OpenSlot):
            return open_slot(units, self._at("units"))
        if isinstance(units.merge, OpenSlot):
            return open_slot(units.merge, self._at("units.merge"))
        return self._merge_rule(units.merge)

    def _merge_rule(self, merge: Merge) -> MergeRule | None:
        place = self._at("units.merge")
        by = (
            open_slot(merge.by, f"{place}.by") if isinstance(merge.by, OpenSlot)
            else self.tried(lambda: check(_text(merge.by), self.scope))
        )  # fmt: skip
        keep = merge.keep_apart
        apart = (
            None if keep is None
            else self.tried(lambda: condition_of(keep, self.scope, f"{place}.keep_apart"))
        )  # fmt: skip
        if by is None:
            return None
        return MergeRule(by, apart, merge.also_alone is True, str(merge.combine), self._span())

    # -- groups ---------------------------------------------------------------------------

    def _open_tables(self) -> list[Open]:
        """Return the tables of the scheme that are open as a whole."""
        model = self.model
        tables = {
            "groups": model.groups, "scores": model.scores, "scoring": model.scoring,
            "adjust": model.adjust, "adjust_caps": model.adjust_caps, "rank": model.rank,
            "pools": model.pools, "classes": model.classes, "moves": model.moves,
            "total": model.total,
        }  # fmt: skip
        found = [open_slot(t, self._at(k)) for k, t in tables.items() if isinstance(t, OpenSlot)]
        population = model.population
        if not isinstance(population, OpenSlot):
            for key, table in (("leaves", population.leaves), ("returns", population.returns)):
                if isinstance(table, OpenSlot):
                    found.append(open_slot(table, self._at(f"population.{key}")))
        return found

    def _groups(self, opens: list[Open]) -> tuple[GroupRule, ...]:
        if isinstance(self.model.groups, OpenSlot):
            return ()
        if not self.model.groups:
            self._tell("KG104", self._span(), kind="Scheme", id=self.model.id, key="groups")
        made = [self._group(k, v) for k, v in self.model.groups.items()]
        return tuple(x for x in made if x is not None)

    def _group(self, id: str, group: Group) -> GroupRule | None:
        place = self._at(f"groups.{id}")
        when = self.tried(lambda: condition_of(group.when, self.scope, f"{place}.when"))
        opens: list[Open] = []
        lines = self._lines(group, place, opens)
        if when is None:
            return None
        words = {
            **self.scope.words,
            "total": NUMBER,
        }
        items = {fold(line.id): line.id for line in lines}
        items |= {fold(line.title["zh"]): line.id for line in lines}
        ranked = replace(self.scope, words=words, items=items)
        rank = self._rank(group, place, ranked)
        adjust = self._table(group, "adjust", place, opens) or {}
        return GroupRule(
            id, _titles(group.title, id), when, tuple(lines),
            tuple(a for a in (self._adjust(k, v, place) for k, v in adjust.items()) if a), rank,
            self._cuts(self._table(group, "pools", place, opens) or {}, f"{place}.pools", ranked),
            self._cuts(self._table(group, "classes", place, opens) or {}, f"{place}.classes", ranked),
            tuple(opens), self._span_at("groups", id),
        )  # fmt: skip

    def _table(self, group: Group, key: str, place: str, opens: list[Open]):  # type: ignore[no-untyped-def]
        """Return a table of the group, else the scheme's; an open one is told and left out."""
        own = getattr(group, key)
        table = own if own is not None else getattr(self.model, key)
        if isinstance(table, OpenSlot):
            if own is not None:
                opens.append(open_slot(table, f"{place}.{key}"))
            return None
        return table

    # -- lines ----------------------------------------------------------------------------

    def _lines(self, group: Group, place: str, opens: list[Open]) -> list[LineRule]:
        table = self._table(group, "scores", place, opens)
        if table is None:
            return []
        scoring = self._table(group, "scoring", place, opens)
        made: list[LineRule] = []
        for id, line in table.items():
            made.extend(self._line(id, line, scoring, f"{place}.scores.{id}"))
        self._check_weights(made, group, place)
        return made

    def _line(
        self, id: str, line: Line, scoring: Scoring | None, place: str
    ) -> list[LineRule]:
        if isinstance(line.parts, dict):
            return self._parts(id, line, line.parts, scoring, place)
        try:
            return [self._made_line(id, line, scoring, place)]
        except Refused as refused:
            self.findings.extend(refused.findings)
            return []

    def _parts(
        self, id: str, line: Line, parts: Mapping[str, Line], scoring: Scoring | None, place: str
    ) -> list[LineRule]:
        """A line split into lines whose weights add up to its own (permu:E21)."""
        above = {k: getattr(line, k) for k in SCORING_KEYS if getattr(line, k) is not None}
        laid = scoring.model_copy(update=above) if scoring is not None else Scoring(**above)
        made: list[LineRule] = []
        for name, part in parts.items():
            made.extend(self._line(f"{id}_{name}", part, laid, f"{place}.parts.{name}"))
        whole = line.weight
        if isinstance(whole, Text) and (total := _number(whole)) is not None:
            known = [_constant(x.weight) for x in made]
            if all(k is not None for k in known) and sum(k for k in known if k) != total:
                said = sum(k for k in known if k)
                self._tell("KG613", whole.span, line=id, sum=_plain(said), weight=whole)
        return made

    def _made_line(
        self, id: str, line: Line, scoring: Scoring | None, place: str
    ) -> LineRule:
        fact = self._fact(line, place)
        keys = self._scoring(id, line, scoring, place)
        kind = fact.kind
        scope = replace(self.scope, words={**self.scope.words, **_words(kind)})
        weight = self._part(line.weight, "weight", id, place)
        return LineRule(
            id, self._line_title(id, line, fact), fact, weight,
            self._held(line.benchmark, kind, f"{place}.benchmark"),
            self._held(line.low, kind, f"{place}.low"),
            self._held(line.high, kind, f"{place}.high"),
            value_of(cast(Value, keys["points"]), scope, f"{place}.points"),
            _open_or(keys["scale"], f"{place}.scale", int),
            _open_or(keys["round_at"], f"{place}.round_at", str),
            self._limit(keys["cap"], scope, f"{place}.cap"),
            self._limit(keys["floor"], scope, f"{place}.floor"),
            _rule(keys["missing"], ("mean", "drop", "hold"), f"{place}.missing"),
            _rule(keys["zero"], ("missing", "none"), f"{place}.zero"),
            self._better(line), self._on_zero(line), _article(line.source),
            str(line.source.evidence or "") if line.source else "",
            line.indicator.span if line.indicator is not None else self._span(),
        )  # fmt: skip

    def _fact(self, line: Line, place: str) -> Fact | Open:
        if line.indicator is None:
            raise refuse("KG104", self._span(), kind="Scheme", id=self.model.id, key=f"{place}.indicator")
        if isinstance(line.indicator, OpenSlot):
            return open_slot(line.indicator, f"{place}.indicator")
        name = line.indicator
        model = self._indicator(str(name))
        if model is not None:
            if isinstance(line.with_, OpenSlot):
                return open_slot(line.with_, f"{place}.with")
            choice: dict[str, Text | Open] = {
                k: open_slot(v, f"{place}.with.{k}") if isinstance(v, OpenSlot) else v
                for k, v in line.with_.items()
            }
            for local, options in model.variants.items():
                if local not in choice and len(options) == 1:
                    choice[local] = Text(next(iter(options)), name.span)
            return indicator_fact(self.book, model, str((self.model.of or ("",))[0]), choice)
        found = self.scope.find(str(name), name.span)
        if not isinstance(found, Fact):
            raise refuse("KG310", name.span, place=name, expected="an indicator", got="a table")
        return found

    def _indicator(self, name: str) -> Indicator | None:
        subject = str((self.model.of or ("",))[0])
        for (kind, id), document in self.book.documents.items():
            model = document.model
            if kind == "Indicator" and isinstance(model, Indicator):
                if fold(name) in (fold(id), fold(model.title["zh"])):
                    if subject in [str(x) for x in model.of or ()]:
                        return model
        return None

    def _better(self, line: Line) -> str:
        model = self._indicator(str(line.indicator)) if isinstance(line.indicator, Text) else None
        return model.better if model is not None else "high"

    def _on_zero(self, line: Line) -> str:
        model = self._indicator(str(line.indicator)) if isinstance(line.indicator, Text) else None
        return str(model.on_zero or "settled") if model is not None else "settled"

    def _line_title(self, id: str, line: Line, fact: Fact | Open) -> Mapping[str, str]:
        if line.title is not None:
            return _titles(line.title, id)
        return fact.title if isinstance(fact, Fact) else _titles(None, id)

    def _scoring(
        self, id: str, line: Line, scoring: Scoring | None, place: str
    ) -> dict[str, object]:
        """Return each scoring key: the line's own, else the group's; a missing one is told."""
        found: dict[str, object] = {}
        whole = self.model.scoring
        for key in OWN_KEYS:
            value = getattr(line, key)
            if value is None and scoring is not None:
                value = getattr(scoring, key)
            if value is None and isinstance(whole, OpenSlot):
                value = whole
            if value is None:
                span = line.indicator.span if line.indicator is not None else self._span()
                raise refuse("KG104", span, kind="Scheme", id=self.model.id, key=f"{place}.{key}")
            found[key] = value
        return found

    def _part(self, value: Value | None, key: str, id: str, place: str) -> Expression:
        if value is None:
            raise refuse("KG104", self._span(), kind="Scheme", id=self.model.id, key=f"{place}.{key}")
        return value_of(value, self.scope, f"{place}.{key}")

    def _held(self, value: Value | None, kind: Kind, place: str) -> Held:
        """Return a benchmark, low or high: a value in the indicator's unit, or a figure."""
        if value is None:
            return None
        if isinstance(value, Figure):
            return self._figure(value, place)
        made = value_of(value, self.scope, place)
        if made.kind.name == "open" or kind.name == "open":
            return made
        if made.kind.name != "number" or not (
            made.kind.unit.same_dimension(kind.unit) and made.kind.bare <= kind.unit.is_pure
        ):
            span = value.span if isinstance(value, Text) else made.span
            if made.kind.bare:
                raise refuse("KG402", span, number=value, name=place, unit=kind.unit.text)
            raise refuse("KG401", span, left=place, right=made.kind, unit=f"({kind.unit.text})")
        return made

    def _figure(self, figure: Figure, place: str) -> FigureRule:
        of = None if figure.of is None else self._figure_of(figure.of)
        over_fact: Fact | None = None
        if figure.over not in ("group", "pool", "all"):
            found = self.scope.find(figure.over, figure.span)
            over_fact = found if isinstance(found, Fact) else None
        times = Fraction(1) if figure.times is None else _required_number(figure.times)
        at = None if figure.at is None else _required_number(figure.at)
        back = 1 if figure.period == "prior" else 0
        return FigureRule(figure.figure, of, figure.over, over_fact, back, times, at, figure.span)

    def _figure_of(self, text: Text) -> Expression | None:
        if self._indicator(str(text)) is not None:
            return None
        return check(text, self.scope, expected="number")

    def _limit(self, value: object, scope: Scope, place: str) -> Expression | None:
        if value == "none":
            return None
        return value_of(cast(Value, value), scope, place)

    def _check_weights(self, lines: list[LineRule], group: Group, place: str) -> None:
        """The known weights of a group add up to a hundred (KG601)."""
        known = [_constant(line.weight) for line in lines]
        if not lines or any(k is None for k in known):
            return
        total = sum(k for k in known if k is not None)
        if total != 100:
            name = place.rsplit(".", 1)[-1]
            span = self._span_at("groups", name)
            self._tell("KG601", span, group=name, sum=_plain(total), full=100)

    # -- adjustments, totals --------------------------------------------------------------

    def _adjust(self, id: str, adjust: Adjust, place: str) -> AdjustRule | None:
        place = f"{place}.adjust.{id}"

        def build() -> AdjustRule:
            when = (
                None if adjust.when is None
                else condition_of(adjust.when, self.scope, f"{place}.when")
            )  # fmt: skip
            points = value_of(adjust.points, self.scope, f"{place}.points")
            cap = (
                None if adjust.cap is None
                else self._limit(adjust.cap, self.scope, f"{place}.cap")
            )  # fmt: skip
            return AdjustRule(
                id, _titles(adjust.title, id), when, points, str(adjust.category or ""), cap,
                _article(adjust.source), points.span,
            )  # fmt: skip

        return self.tried(build)

    def _adjust_caps(self) -> dict[str, Expression]:
        caps = self.model.adjust_caps
        if isinstance(caps, OpenSlot):
            return {}
        made: dict[str, Expression] = {}
        for category, value in caps.items():
            limit = self.tried(
                lambda v=value, c=category: self._limit(  # type: ignore[misc]  # bound now
                    v, self.scope, self._at(f"adjust_caps.{c}")
                )
            )
            if limit is not None:
                made[category] = limit
        return made

    def _floor(self) -> Expression | None:
        total = self.model.total
        if total is None or isinstance(total, OpenSlot):
            return None
        return self.tried(lambda: self._limit(total.floor, self.scope, self._at("total.floor")))

    # -- ranks, cuts, moves ---------------------------------------------------------------

    def _rank(self, group: Group, place: str, scope: Scope) -> RankRule | Open:
        rank = group.rank if group.rank is not None else self.model.rank
        if rank is None:
            return self._missing_key("rank", place)
        if isinstance(rank, OpenSlot):
            at = f"{place}.rank" if group.rank is not None else self._at("rank")
            return open_slot(rank, at)
        at = f"{place}.rank" if group.rank is not None else self._at("rank")
        made = self.tried(lambda: self._rank_rule(rank, at, scope))
        return made if made is not None else self._missing_key("rank", place)

    def _missing_key(self, key: str, place: str) -> Open:
        self._tell("KG104", self._span(), kind="Scheme", id=self.model.id, key=key)
        return Open(f"{place}.{key}", key, OPEN, self._span())

    def _rank_rule(self, rank: Rank, place: str, scope: Scope) -> RankRule:
        within: list[Expression] = []
        by_group = False
        if isinstance(rank.within, OpenSlot):
            within.append(open_slot(rank.within, f"{place}.within"))
        else:
            for name in rank.within:
                if name == "group":
                    by_group = True
                else:
                    within.append(check(name, self.scope))
        by = (
            open_slot(rank.by, f"{place}.by") if isinstance(rank.by, OpenSlot)
            else tuple(_order(text, scope) for text in rank.by)
        )  # fmt: skip
        keys = {
            key: open_slot(value, f"{place}.{key}") if isinstance(value, OpenSlot) else str(value)
            for key in ("base", "rounding", "rounding_of", "ties")
            if (value := getattr(rank, key)) is not None
        }
        return RankRule(tuple(within), by_group, by, span=self._span(), **keys)

    def _cuts(self, cuts: Mapping[str, Cut], place: str, scope: Scope) -> tuple[CutRule, ...]:
        made = [self.tried(lambda k=k, v=v: self._cut(k, v, f"{place}.{k}", scope)) for k, v in cuts.items()]  # type: ignore[misc]  # bound now
        rules = tuple(x for x in made if x is not None)
        if place.endswith(".classes"):
            self._check_cover(rules, place)
        return rules

    def _cut(self, id: str, cut: Cut, place: str, scope: Scope) -> CutRule:
        take: Interval | Open | None = None
        by_place = False
        span = self._span()
        if isinstance(cut.take, OpenSlot):
            take = open_slot(cut.take, f"{place}.take")
        elif cut.take is not None:
            take, by_place = _take(cut.take)
            span = cut.take.span
        if isinstance(cut.by, OpenSlot):
            take, orders = open_slot(cut.by, f"{place}.by"), ()
        else:
            orders = tuple(_order(text, scope) for text in cut.by or ())
        when = None if cut.when is None else condition_of(cut.when, self.scope, f"{place}.when")
        bound = None if cut.bound is None else _interval(cut.bound)
        if take is None and when is None and not cut.rest and not cut.outside:
            raise refuse("KG104", span, kind="Scheme", id=self.model.id, key=f"{place}.take")
        return CutRule(
            id, _titles(cut.title, id), str(cut.from_ or ""), orders, take, by_place, when,
            cut.rest, cut.outside, bound, _article(cut.source), span,
        )  # fmt: skip

    def _check_cover(self, cuts: tuple[CutRule, ...], place: str) -> None:
        """The shares of a pool's classes cover its list exactly once (KG604)."""
        listed = [c for c in cuts if not c.outside]
        if not listed or any(c.rest or c.when or isinstance(c.take, Open) for c in listed):
            return
        by_source: dict[str, list[CutRule]] = {}
        for cut in listed:
            by_source.setdefault(cut.source, []).append(cut)
        if set(by_source) != {""} or any(c.by_place for c in listed):
            return
        share = sum(
            (c.take.high or Fraction(0)) - (c.take.low or Fraction(0))
            for c in listed if isinstance(c.take, Interval)
        )  # fmt: skip
        if share != 1 or _overlaps([c.take for c in listed if isinstance(c.take, Interval)]):
            shown = f"{_plain(share * 100)}%"
            pool = place.split(".")[-2]
            self._tell("KG604", listed[0].span, pool=pool, share=shown)

    def _moves(self, groups: tuple[GroupRule, ...]) -> tuple[MoveRule, ...]:
        if isinstance(self.model.moves, OpenSlot):
            return ()
        made = [self._move(k, v, groups) for k, v in self.model.moves.items()]
        return tuple(x for x in made if x is not None)

    def _move(self, id: str, move: Move, groups: tuple[GroupRule, ...]) -> MoveRule | None:
        place = self._at(f"moves.{id}")
        when = self.tried(lambda: condition_of(move.when, self.scope, f"{place}.when"))
        known = {c.id for g in groups for c in g.classes}
        for name in (move.class_, move.at_best, move.at_worst):
            if name is not None and known and str(name) not in known:
                self._tell("KG609", name.span, name=name, **{"class": name})
        if when is None:
            return None
        return MoveRule(
            id, _titles(move.title, id), when, str(move.class_ or ""), str(move.at_best or ""),
            str(move.at_worst or ""), move.up or 0, move.down or 0, _article(move.source),
            when.span,
        )  # fmt: skip

    def _vacated(self) -> str | Open:
        vacated = self.model.vacated
        if isinstance(vacated, OpenSlot):
            return open_slot(vacated, self._at("vacated"))
        if vacated is None and self.model.moves:
            self._tell("KG104", self._span(), kind="Scheme", id=self.model.id, key="vacated")
        return str(vacated or "leave")

    # -- finding and placing --------------------------------------------------------------

    def tried(self, build: Callable[[], Made]) -> Made | None:
        """Return what `build` makes, or None with its findings collected."""
        try:
            return build()
        except Refused as refused:
            self.findings.extend(refused.findings)
            return None

    def _require(self, *keys: str) -> None:
        for key in keys:
            if getattr(self.model, key) is None:
                self._tell("KG104", self._span(), kind="Scheme", id=self.model.id, key=key)

    def _tell(self, finding_id: str, span: Span, /, **values: object) -> None:
        self.findings.append(finding(finding_id, span, **values))

    def _at(self, address: str) -> str:
        return f"{self.model.id}.{address}"

    def _span(self) -> Span:
        return self.document.block.span

    def _span_at(self, *path: str) -> Span:
        place: object = self.document.block
        span = self.document.block.span
        for step in path:
            if not isinstance(place, Block) or step not in place:
                break
            span = place.keys_at.get(step, span)
            place = place[step]
        return span


def _words(kind: Kind) -> dict[str, Kind]:
    held = {name: kind for name in ("x", "benchmark", "low", "high")}
    return {**held, "weight": NUMBER}


def _order(text: Text, scope: Scope) -> Order:
    """Read `total desc`; the direction is written."""
    words = str(text).rsplit(" ", 1)
    if len(words) != 2 or words[1] not in ("asc", "desc"):
        raise refuse("KG112", text.span, value=text, expected="… desc or … asc")
    inside = Text(words[0], text.span, quoted=text.quoted)
    return Order(check(inside, scope), words[1] == "desc")


def _take(text: Text) -> tuple[Interval, bool]:
    """Read a share of the list in percent, or places."""
    made = _interval(text)
    is_share = made.unit is not None and made.unit.is_pure
    if is_share:
        return made, False
    ends = [e for e in (made.low, made.high) if e is not None and e]
    if any(e < 1 or e.denominator != 1 for e in ends):
        raise refuse("KG112", text.span, value=text, expected="a share in % or places from 1")
    return made, True


def _interval(text: Text) -> Interval:
    try:
        return read_interval(str(text))
    except NotAnInterval as error:
        raise refuse("KG112", text.span, value=text, expected=error) from None


def _overlaps(intervals: list[Interval]) -> bool:
    ordered = sorted(intervals, key=lambda i: (i.low or Fraction(0), i.high or Fraction(0)))
    return any(
        (a.high or 0) > (b.low or 0) or ((a.high == b.low) and a.high_closed and b.low_closed)
        for a, b in zip(ordered, ordered[1:], strict=False)
    )


def _open_or(value: object, place: str, read: type[Made]) -> Made | Open:
    return open_slot(value, place) if isinstance(value, OpenSlot) else read(value)  # type: ignore[call-arg]  # int or str


def _rule(value: object, words: tuple[str, ...], place: str) -> str | Fraction | Open:
    """Read a number of points, or one of the words."""
    if isinstance(value, OpenSlot):
        return open_slot(value, place)
    assert isinstance(value, Text)
    if value in words:
        return str(value)
    number = _number(value)
    if number is None:
        raise refuse("KG112", value.span, value=value, expected=f"a number, {', '.join(words)}")
    return number


def _number(text: Text) -> Fraction | None:
    quantity = read_quantity(str(text))
    return None if quantity is None else quantity.base


def _required_number(text: Text) -> Fraction:
    number = _number(text)
    if number is None:
        raise refuse("KG112", text.span, value=text, expected="a number")
    return number


def _constant(expression: Expression) -> Fraction | None:
    if isinstance(expression, Constant) and isinstance(expression.value, Fraction):
        return expression.value
    return None


def _plain(number: Fraction | int) -> str:
    return f"{float(number):g}"


def _text(value: object) -> Text:
    assert isinstance(value, Text)
    return value


def _titles(title: Mapping[str, str] | None, id: str) -> Mapping[str, str]:
    if title is None:
        return {"zh": id, "en": id.replace("_", " ")}
    return {"zh": title["zh"], "en": title.get("en", id.replace("_", " "))}


def _article(source: object) -> str:
    return str(getattr(source, "article", None) or "")



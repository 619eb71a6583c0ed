"""From the tree of a text to the typed tree: names resolved, kinds and units checked.

Every refusal says what stands on both sides. Addition and comparison need one dimension and
convert exactly; a bare number beside a quantity is refused but for 0, counts and pure ratios
(language, section 3.2). What looks across subjects has keys of its own and is refused here.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from sqlglot import exp

from kaogong.language.expression import (
    NOW,
    Arithmetic,
    Choose,
    Compare,
    Constant,
    DateWord,
    Every,
    Expression,
    Known,
    Member,
    Not,
    Read,
    Some,
    Table,
    Word,
)
from kaogong.language.fact import Fact
from kaogong.language.finding import Refused, refuse
from kaogong.language.functions import FUNCTIONS, compared_rate, is_compound_rate
from kaogong.language.kind import BARE, DATE, OPEN, TEXT, YES_NO, Kind
from kaogong.language.scope import CodeList, Scope
from kaogong.language.span import Span, Text
from kaogong.language.syntax import Syntax, parse
from kaogong.language.unit import read_unit
from kaogong.language.unify import kind_of, number_of, unified

ACROSS: Mapping[str, str] = {
    "sum": "figure: sum", "avg": "figure: mean", "mean": "figure: mean", "count": "figure: count",
    "min": "figure: min", "max": "figure: max", "median": "figure: median", "rank": "rank",
    "row_number": "rank", "percent_rank": "classes", "ntile": "classes", "stddev": "figure",
    "quantile": "figure: quantile",
}  # fmt: skip
_SIGNS: Mapping[type[exp.Expression], str] = {
    exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/",
    exp.EQ: "=", exp.NEQ: "<>", exp.LT: "<", exp.LTE: "<=", exp.GT: ">", exp.GTE: ">=",
}  # fmt: skip
_DATES = ("as_of", "period_start", "period_end")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def check(text: Text, scope: Scope, *, expected: str | None = None) -> Expression:
    """Return the typed tree of `text`, or raise `Refused`; `expected` names the kind it must have."""
    syntax = parse(text)
    made = Checker(scope, syntax).expression(syntax.tree)
    if expected and made.kind.name not in (expected, "open"):
        raise refuse("KG310", text.span, place=text, expected=expected, got=made.kind)
    return made


class Checker:
    """Checks one expression in one scope; `functions` adds the meaning of each call."""

    def __init__(self, scope: Scope, syntax: Syntax) -> None:
        self.scope = scope
        self.syntax = syntax

    def expression(self, node: exp.Expression) -> Expression:
        """Return the typed tree of one node."""
        return _HANDLERS[type(node)](self, node)

    def inside(self, scope: Scope) -> Checker:
        """Return a checker for a part that speaks of other records."""
        return Checker(scope, self.syntax)

    def span(self, node: exp.Expression) -> Span:
        """Return where `node` stands in the user's file."""
        return self.syntax.span(node)

    def yes_no(self, node: exp.Expression) -> Expression:
        """Return the typed tree of a node that must be a condition."""
        made = self.expression(node)
        if made.kind.name not in ("yes_no", "open"):
            raise self.wrong(node, "yes/no", made.kind)
        return made

    def numeric(self, node: exp.Expression) -> Expression:
        """Return the typed tree of a node that must be a number."""
        made = self.expression(node)
        if made.kind.name not in ("number", "open"):
            raise self.wrong(node, "number", made.kind)
        return made

    def wrong(self, node: exp.Expression, expected: str, got: Kind) -> Refused:
        """Return the refusal of a value of the wrong kind."""
        return refuse(
            "KG310", self.span(node), place=self._spoken(node), expected=expected, got=got
        )

    # -- leaves ---------------------------------------------------------------------------

    def _paren(self, node: exp.Expression) -> Expression:
        return self.expression(node.this)

    def _boolean(self, node: exp.Expression) -> Expression:
        return Constant(bool(node.this), YES_NO, self.span(node))

    def _literal(self, node: exp.Expression) -> Expression:
        return Constant(str(node.this), TEXT, self.span(node))

    def _null(self, node: exp.Expression) -> Expression:
        raise refuse(
            "KG302", self.span(node), construct="null", instead="x is null, x is not null, known(x)"
        )

    def _column(self, node: exp.Expression) -> Expression:
        name, span = node.name, self.span(node)
        literal = self.syntax.literal(name)
        if isinstance(literal, date):
            return Constant(literal, DATE, span)
        if literal is not None:
            kind = BARE if literal.unit is None else Kind("number", literal.unit)
            return Constant(literal.base, kind, span)
        return self.named(name, span)

    def named(self, name: str, span: Span) -> Expression:
        """Return what a name means here: a word of the kind, a run date, or a fact."""
        if name in self.scope.words:
            return Word(name, self.scope.words[name], span)
        if name in _DATES:
            return DateWord(name, span)  # type: ignore[arg-type]  # one of the three words
        found = self.scope.find(name, span)
        if isinstance(found, Fact):
            return Read(found, NOW, span)
        if isinstance(found, Table):
            raise refuse("KG310", span, place=name, expected="pick(table, key)", got="a table")
        if isinstance(found, CodeList):
            raise refuse("KG310", span, place=name, expected="under(code, list)", got="a list")
        return found

    # -- arithmetic -----------------------------------------------------------------------

    def _negate(self, node: exp.Expression) -> Expression:
        inside = self.numeric(node.this)
        if isinstance(inside, Constant):
            return replace(inside, value=-number_of(inside))
        zero = Constant(Fraction(0), inside.kind, inside.span)
        return Arithmetic("-", zero, inside, inside.kind, inside.span)

    def _sum(self, node: exp.Expression) -> Expression:
        left, right = self.numeric(node.this), self.numeric(node.expression)
        left, right = self.alike(left, right, node)
        return _arithmetic(_SIGNS[type(node)], left, right, _joined(left.kind, right.kind))

    def _product(self, node: exp.Expression) -> Expression:
        left, right = self.numeric(node.this), self.numeric(node.expression)
        if "open" in (left.kind.name, right.kind.name):
            kind = OPEN
        else:
            a, b = left.kind, right.kind
            unit = a.unit * b.unit if isinstance(node, exp.Mul) else a.unit / b.unit
            kind = Kind("number", unit, bare=a.bare and b.bare)
        return _arithmetic(_SIGNS[type(node)], left, right, kind)

    def alike(
        self, left: Expression, right: Expression, node: exp.Expression
    ) -> tuple[Expression, Expression]:
        """Return both sides in one dimension, or raise KG401 or KG402."""
        if "open" in (left.kind.name, right.kind.name):
            return left, right
        if left.kind.bare and not right.kind.bare:
            return self._dressed(left, right, node), right
        if right.kind.bare and not left.kind.bare:
            return left, self._dressed(right, left, node)
        if not left.kind.unit.same_dimension(right.kind.unit):
            raise refuse(
                "KG401", self.span(node),
                left=self._spoken(node.this), right=self._spoken(node.expression),
                unit=f"({left.kind.unit.text or '1'}, {right.kind.unit.text or '1'})",
            )  # fmt: skip
        return left, right

    def _dressed(self, bare: Expression, beside: Expression, node: exp.Expression) -> Expression:
        """Give a bare number the unit of its neighbour, where that leaves no doubt."""
        unit = beside.kind.unit
        if isinstance(bare, Constant) and bare.value == 0:
            return replace(bare, kind=beside.kind)
        if not (unit.is_pure or unit.is_count or unit.dimension == read_unit("年").dimension):
            name = self._spoken(node.expression if bare.span == self.span(node.this) else node.this)
            number = self._spoken(node.this if bare.span == self.span(node.this) else node.expression)
            raise refuse("KG402", bare.span, number=number, name=name, unit=unit.text)
        if unit.is_pure:
            return bare
        if isinstance(bare, Constant):
            return replace(bare, value=number_of(bare) * unit.factor, kind=beside.kind)
        factor = Constant(unit.factor, beside.kind, bare.span)
        return Arithmetic("*", bare, factor, beside.kind, bare.span)

    # -- yes and no -----------------------------------------------------------------------

    def _every(self, node: exp.Expression) -> Expression:
        return Every(tuple(self.yes_no(x) for x in node.flatten()), self.span(node))

    def _some(self, node: exp.Expression) -> Expression:
        return Some(tuple(self.yes_no(x) for x in node.flatten()), self.span(node))

    def _not(self, node: exp.Expression) -> Expression:
        return Not(self.yes_no(node.this), self.span(node))

    def _is(self, node: exp.Expression) -> Expression:
        if not isinstance(node.expression, exp.Null):
            raise refuse(
                "KG302", self.span(node), construct="is true", instead="the condition itself"
            )
        return Not(Known(self.expression(node.this), self.span(node)), self.span(node))

    def _compare(self, node: exp.Expression) -> Expression:
        for side in (node.this, node.expression):
            if type(side) in _SIGNS and _SIGNS[type(side)] not in "+-*/":
                raise refuse(
                    "KG302", self.span(node), construct="a < x < b", instead="x between a and b"
                )
        return self.comparison(_SIGNS[type(node)], node.this, node.expression, node)

    def comparison(
        self, sign: str, left: exp.Expression, right: exp.Expression, node: exp.Expression
    ) -> Expression:
        """Return a checked comparison; a compound rate is compared by raising the number."""
        if is_compound_rate(left):
            return compared_rate(self, sign, left, self.numeric(right))
        if is_compound_rate(right):
            return compared_rate(self, _MIRRORED.get(sign, sign), right, self.numeric(left))
        return self.compared(sign, self.expression(left), self.expression(right), node)

    def compared(
        self, sign: str, left: Expression, right: Expression, node: exp.Expression
    ) -> Expression:
        """Return `left sign right`, with kinds and units checked."""
        a, b = left.kind.name, right.kind.name
        if "open" not in (a, b):
            if a == b == "number":
                left, right = self.alike(left, right, node)
            else:
                left, right = self._coded(left, right, node), self._coded(right, left, node)
                self._comparable(sign, left, right, node)
        return Compare(sign, left, right, self.span(node))  # type: ignore[arg-type]  # from _SIGNS

    def _coded(self, item: Expression, beside: Expression, node: exp.Expression) -> Expression:
        """Read a written text beside a code as a code of the same vocabulary."""
        if beside.kind.name != "code" or item.kind.name != "text" or not isinstance(item, Constant):
            return item
        return Constant(self.code(str(item.value), beside.kind, item.span), beside.kind, item.span)

    def code(self, text: str, kind: Kind, span: Span) -> str:
        """Return the code that `text` means in the vocabulary of `kind`, or raise KG205."""
        vocabulary = self.scope.vocabularies.get(kind.vocabulary)
        if vocabulary is None:
            return text
        found = vocabulary.find(text)
        if found is None:
            raise refuse("KG205", span, code=text, vocabulary=kind.vocabulary, date="—")
        return found

    def _comparable(
        self, sign: str, left: Expression, right: Expression, node: exp.Expression
    ) -> None:
        a, b = left.kind, right.kind
        same = a.name == b.name and a.vocabulary == b.vocabulary
        has_order = a.name in ("date", "number") or (a.name == "code" and bool(a.order))
        if not same or (sign not in ("=", "<>") and not has_order):
            raise refuse(
                "KG305", self.span(node), left=self._spoken(node.this),
                right=self._spoken(node.expression) if node.expression else right.kind,
                kinds=f"{a} / {b}",
            )  # fmt: skip

    def _between(self, node: exp.Expression) -> Expression:
        low, high = node.args["low"], node.args["high"]
        return Every(
            (
                self.comparison(">=", node.this, low, exp.GTE(this=node.this, expression=low)),
                self.comparison("<=", node.this, high, exp.LTE(this=node.this, expression=high)),
            ),
            self.span(node),
        )

    def _in(self, node: exp.Expression) -> Expression:
        item = self.expression(node.this)
        listed = [self.expression(x) for x in node.expressions]
        written = [x for x in listed if isinstance(x, Constant) and isinstance(x.value, str)]
        if item.kind.name in ("text", "code") and len(written) == len(listed):
            codes = {
                self.code(str(x.value), item.kind, x.span)
                if item.kind.name == "code" else str(x.value)
                for x in written
            }  # fmt: skip
            return Member(item, frozenset(codes), self.span(node))
        equal = [
            self.compared("=", item, x, exp.EQ(this=node.this, expression=n))
            for x, n in zip(listed, node.expressions, strict=True)
        ]
        return Some(tuple(equal), self.span(node))

    # -- cascades -------------------------------------------------------------------------

    def _case(self, node: exp.Expression) -> Expression:
        if node.this is not None:
            raise refuse(
                "KG302", self.span(node), construct="case x when", instead="case when x = …"
            )
        branches = tuple(
            (self.yes_no(each.this), self.expression(each.args["true"]))
            for each in node.args["ifs"]
        )
        default = node.args.get("default")
        otherwise = None if default is None else self.expression(default)
        return self.choice(branches, otherwise, node, strict=False)

    def choice(
        self,
        branches: tuple[tuple[Expression, Expression], ...],
        otherwise: Expression | None,
        node: exp.Expression,
        *,
        strict: bool,
    ) -> Expression:
        """Return a cascade whose results are of one kind."""
        values = [v for _, v in branches] + ([otherwise] if otherwise is not None else [])
        values = unified(values, self.span(node))
        cut = len(branches)
        made = tuple((c, v) for (c, _), v in zip(branches, values[:cut], strict=True))
        last = values[cut] if otherwise is not None else None
        return Choose(made, last, strict, kind_of(values), self.span(node))

    # -- calls ----------------------------------------------------------------------------

    def _call(self, node: exp.Expression) -> Expression:
        name = str(node.this).casefold()
        if name in ACROSS:
            raise refuse("KG306", self.span(node), function=name, key=ACROSS[name])
        function = FUNCTIONS.get(name)
        if function is None:
            near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.0)
            raise refuse(
                "KG302", self.span(node), construct=f"{node.this}()", instead=f"{near[0]}()"
            )
        least, most = function.arity
        if not least <= len(node.expressions) <= most:
            count = str(least) if least == most else f"{least} to {most}"
            raise refuse("KG304", self.span(node), function=name, n=count)
        return function.build(self, node, list(node.expressions))

    def _spoken(self, node: exp.Expression) -> str:
        """Return the user's own words for a node."""
        if isinstance(node, exp.Column):
            literal = self.syntax.literal(node.name)
            return getattr(literal, "text", None) or (str(literal) if literal else node.name)
        return " ".join(self._spoken(x) for x in node.find_all(exp.Column)) or node.sql()


def _joined(left: Kind, right: Kind) -> Kind:
    if left.name == "open" or right.name == "open":
        return OPEN
    return right if left.bare else left


def _arithmetic(sign: str, left: Expression, right: Expression, kind: Kind) -> Expression:
    return Arithmetic(sign, left, right, kind, left.span)  # type: ignore[arg-type]  # from _SIGNS


_Handler = Callable[[Checker, exp.Expression], Expression]
_HANDLERS: Mapping[type[exp.Expression], _Handler] = {
    exp.Paren: Checker._paren,
    exp.Boolean: Checker._boolean,
    exp.Literal: Checker._literal,
    exp.Null: Checker._null,
    exp.Column: Checker._column,
    exp.Neg: Checker._negate,
    exp.Add: Checker._sum,
    exp.Sub: Checker._sum,
    exp.Mul: Checker._product,
    exp.Div: Checker._product,
    exp.And: Checker._every,
    exp.Or: Checker._some,
    exp.Not: Checker._not,
    exp.Is: Checker._is,
    exp.EQ: Checker._compare,
    exp.NEQ: Checker._compare,
    exp.LT: Checker._compare,
    exp.LTE: Checker._compare,
    exp.GT: Checker._compare,
    exp.GTE: Checker._compare,
    exp.Between: Checker._between,
    exp.In: Checker._in,
    exp.Case: Checker._case,
    exp.Anonymous: Checker._call,
}

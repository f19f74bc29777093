"""Criteria in words, made from the expression tree alone.

Every node becomes a noun phrase that says what the patient has ("platelets at least 50 × 10⁹/L", "no treatment with
CAR-T cells"). A negation is carried down to the atoms (De Morgan's laws hold in Kleene logic), where it turns into the
opposite comparison or into "no" and "without": a double negation never reaches the reader.
"""

from __future__ import annotations

from dataclasses import dataclass

from cartella.explaining import amounts
from cartella.explaining.names import conjoining, listed, name, trait, values
from cartella.explaining.tables import Lang, Register, message, own_name
from cartella.knowledge import knowledge
from cartella.logic import (
    SCALE,
    And,
    AtLeast,
    Code,
    Count,
    Expression,
    If,
    Not,
    Number,
    Opaque,
    Operator,
    Or,
    Presence,
    Unread,
)
from cartella.logic.rewrites import COMPLEMENT

_OPERATORS = {
    Operator.LESS: "op.less",
    Operator.AT_MOST: "op.at_most",
    Operator.AT_LEAST: "op.at_least",
    Operator.GREATER: "op.greater",
    Operator.EQUAL: "op.equal",
}
_UNITS = {"age": "a", "age.months": "mo"}
_WHOLE = frozenset({"ecog", "age", "lines"})
_TREATMENTS = ("drug", "class", "regimen")

_LONG = 110
"""Characters of two alternatives above which they are said as a list and not in one breath."""

Signed = tuple[Expression, bool]
"""An expression and whether it is meant as it stands (True) or denied (False)."""


def words(expression: Expression, lang: Lang, register: Register) -> str:
    """A criterion in words: full sentences for patients, one line for clinicians."""
    wording = _Wording(lang, register)
    parts = wording.statements(expression)
    if register == "clinician":
        return "; ".join(_capital(part) for part in parts)
    return " ".join(f"{_capital(part)}." for part in parts)


def phrase(expression: Expression, lang: Lang, register: Register) -> str:
    """A criterion as a phrase inside a sentence."""
    return "; ".join(_Wording(lang, register).statements(expression))


def amount(quantity: str, value: int, lang: Lang, register: Register) -> str:
    """A value of a quantity, in millionths, with its unit: "112 × 10⁹/L", "0.75 × ULN"."""
    return _Wording(lang, register)._amount(quantity, value)


def demands(expression: Expression, lang: Lang, register: Register) -> int:
    """How many statements that must all hold the criterion is worded in."""
    return len(_Wording(lang, register).statements(expression))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class _Wording:
    lang: Lang
    register: Register

    def statements(self, node: Expression) -> list[str]:
        """The statements that must all hold."""
        items = _flat(node, True, True)
        return self._parts(items, True, bare=True) or [self._say("always")]

    def _say(self, identifier: str, **parameters: object) -> str:
        return message(identifier, self.lang, self.register, **parameters)

    def _phrase(self, node: Expression, meant: bool) -> str:
        match node:
            case Not(item=item):
                return self._phrase(item, not meant)
            case Number():
                return self._number(node, meant)
            case Code():
                return self._code(node.variable, node.codes, meant)
            case Presence():
                return self._presence(node, [node.concept], meant)
            case Count():
                return self._count(node, meant)
            case Opaque(why=why):
                # what was not read is as open as its negation: to say "not" of it would only puzzle
                return self._unread(why)
            case And(items=()) | Or(items=()):
                return self._say("always" if isinstance(node, And) is meant else "never")
            case And():
                return self._joined(node, meant, all_of=meant)
            case Or():
                return self._joined(node, meant, all_of=not meant)
            case AtLeast(count=count, items=items):
                some = "; ".join(self._inner(item, True) for item in items)
                return self._say("count_of" if meant else "count_of.not", n=count, x=some)
            case If(condition=condition, then=then):
                return self._say(
                    "if" if meant else "if.not",
                    condition=self._phrase(condition, True),
                    then=self._phrase(then, meant),
                )

    def _unread(self, why: Unread) -> str:
        return self._say(f"opaque.{why.value}")

    def _joined(self, node: Expression, meant: bool, all_of: bool) -> str:
        doubtful = two_readings(node) if meant else None
        if doubtful is not None:
            first, second = (self._inner(item, meaning) for item, meaning in doubtful)
            return self._say("two_readings", first=first, second=second)
        return self._join(self._parts(_flat(node, meant, all_of), all_of), all_of)

    def _join(self, parts: list[str], all_of: bool) -> str:
        long = self.register == "patient" and len(parts) == 2 and sum(map(len, parts)) > _LONG
        if not all_of and (len(parts) > 2 or long):
            return self._say("any", x="; ".join(parts))
        if len(parts) < 2:
            return "".join(parts)
        joint = conjoining("and", parts[-1], self.lang, self.register) if all_of else self._say("or")
        if len(parts) > 2:
            return f"{'; '.join(parts[:-1])}; {joint} {parts[-1]}"
        return f", {joint} ".join(parts) if self.register == "patient" else f" {joint} ".join(parts)

    def _inner(self, node: Expression, meant: bool) -> str:
        """A part of a list: in brackets where it is a list itself."""
        text = self._phrase(node, meant)
        bare = node
        while isinstance(bare, Not):
            bare = bare.item
        composed = isinstance(bare, And | Or | AtLeast | If) and len(text) > 0
        return (
            f"({text})"
            if composed and any(mark in text for mark in (";", ", ", " o ", " or ", " e ", " and "))
            else text
        )

    def _parts(self, items: list[Signed], all_of: bool, bare: bool = False) -> list[str]:
        """The phrases of a list. What shares a frame is said once: "stroke or heart attack in the last 6 months"."""
        if len(items) == 1:
            return [self._phrase(*items[0])]
        said: dict[object, str] = {}
        for place, (node, meant) in enumerate(items):
            key = _frame(node, meant, all_of, place)
            if key in said:
                continue
            group = [n for p, (n, m) in enumerate(items) if _frame(n, m, all_of, p) == key]
            said[key] = self._group(group, meant, all_of, bare)
        return list(dict.fromkeys(said.values()))

    def _group(self, group: list[Expression], meant: bool, all_of: bool, bare: bool) -> str:
        first = group[0]
        if isinstance(first, Presence) and len(group) > 1:
            concepts = [n.concept for n in group if isinstance(n, Presence)]
            return self._presence(first, concepts, meant, "and" if all_of and meant else "or")
        if isinstance(first, Code) and len(group) > 1:
            codes = frozenset().union(*(n.codes for n in group if isinstance(n, Code)))
            return self._code(first.variable, codes, meant)
        if isinstance(first, And) and len(group) > 1:
            return self._each_with(group)
        if isinstance(first, Number) and len(group) > 1:
            return self._limits([n for n in group if isinstance(n, Number)])
        return self._phrase(first, meant) if bare else self._inner(first, meant)

    def _each_with(self, group: list[Expression]) -> str:
        """Alternatives that all hang on unread text: "A or B, and in each case a part to be read"."""
        rests: list[Signed] = []
        unread: dict[Unread, None] = {}
        for node in group:
            rest, why = _read_and_unread(node)
            rests.append((rest[0] if len(rest) == 1 else And(rest), True))
            unread.update(dict.fromkeys(why))
        said = self._join(self._parts(rests, False), False)
        return self._say("each_with", x=said, part=self._join([self._unread(why) for why in unread], True))

    # numbers

    def _amount(self, quantity: str, value: int) -> str:
        for suffix in ("uln", "lln"):
            if quantity.endswith(f".{suffix}"):
                identifier = f"{suffix}.one" if value == SCALE else suffix
                return self._say(identifier, n=amounts.number(value, self.lang))
        if quantity == "steroid_dose":
            return f"{amounts.number(value, self.lang)} {self._say('unit.mg_day')}"
        if quantity == "steroid_dose.per_kg":
            return f"{amounts.number(value, self.lang)} {self._say('unit.mg_kg_day')}"
        if quantity.startswith("antigen:") and ".percent" in quantity:
            return f"{amounts.number(value, self.lang)}%"
        analyte = knowledge().analytes.get(quantity)
        unit = _UNITS.get(quantity) or (analyte.unit if analyte else "1")
        return amounts.with_unit(value, unit, self.lang, self.register)

    def _number(self, node: Number, meant: bool) -> str:
        operator, bound = node.operator, node.bound
        if not meant and operator is Operator.EQUAL:
            limit = self._say("op.not_equal", n=self._amount(node.quantity, bound))
        else:
            operator = operator if meant else COMPLEMENT[operator]
            operator, bound = (
                _whole(node.quantity, operator, bound) if self.register == "patient" else (operator, bound)
            )
            limit = self._say(_OPERATORS[operator], n=self._amount(node.quantity, bound))
        if node.quantity == "age":
            return self._say("number.age", limit=limit)
        text = self._say("number", name=name(node.quantity, self.lang, self.register), limit=limit)
        gloss = self._level(node.quantity, operator, bound) if meant or operator is not Operator.EQUAL else None
        return f"{text}, {gloss}" if gloss else text

    def _level(self, quantity: str, operator: Operator, bound: int) -> str | None:
        """What a level of a performance scale means in everyday words."""
        if self.register != "patient" or bound % SCALE:
            return None
        level = own_name(f"scale:{quantity}.{bound // SCALE}", self.lang, self.register)
        if level is None:
            return None
        if operator is Operator.EQUAL:
            return self._say("scale.level", x=level)
        low_is_good = quantity == "ecog"
        if operator is (Operator.AT_MOST if low_is_good else Operator.AT_LEAST):
            return self._say("scale.better", x=level)
        if operator is (Operator.AT_LEAST if low_is_good else Operator.AT_MOST):
            return self._say("scale.worse", x=level)
        return None

    def _limits(self, limits: list[Number]) -> str:
        """Limits of one quantity: "from 18 to 75 years" where there is one on each side."""
        low, high = min(limits, key=lambda n: n.bound), max(limits, key=lambda n: n.bound)
        if len(limits) > 2 or low.operator is not Operator.AT_LEAST or high.operator is not Operator.AT_MOST:
            return "; ".join(dict.fromkeys(self._number(limit, True) for limit in limits))
        if low.bound == high.bound:
            return self._number(Number(low.quantity, Operator.EQUAL, low.bound), True)
        least, most = amounts.number(low.bound, self.lang), self._amount(low.quantity, high.bound)
        limit = self._say("op.between", low=least, high=most)
        return self._say("number", name=name(low.quantity, self.lang, self.register), limit=limit)

    # codes, events, counts

    def _code(self, variable: str, codes: frozenset[str], meant: bool) -> str:
        listed_codes = values(variable, codes, self.lang, self.register)
        suffix = "" if meant else ".not"
        if variable == "diagnosis":
            return self._say(f"diagnosis{suffix}", values=listed_codes)
        called = name(variable, self.lang, self.register)
        if variable.startswith("antigen:"):
            return self._say(f"antigen.code{suffix}", x=called, values=listed_codes)
        return self._say(f"code{suffix}", name=called, values=listed_codes)

    def _presence(self, node: Presence, concepts: list[str], meant: bool, joint: str = "or") -> str:
        if not meant and node.window is not None and node.window.at_least is not None:
            # "no treatment, the last time 3 years ago" would say that there was one
            return self._say("negated", x=self._presence(node, concepts, True))
        suffix = "" if meant else ".not"
        if node.concept.startswith("hla:") and node.window is None and not node.traits:
            alleles = [c.partition(":")[2] for c in dict.fromkeys(concepts)]
            return self._say(f"hla{suffix}", x=listed(alleles, joint, self.lang, self.register))
        names = list(dict.fromkeys(name(c, self.lang, self.register) for c in concepts))
        text = listed(names, joint, self.lang, self.register)
        traits = [trait(t, self.lang, self.register) for t in sorted(node.traits)]
        when = amounts.window(node.window, self.lang, self.register) if node.window else ""
        frame = _register_frame(node)
        ever = self._say("ever") if not when and not any(t.lstrip("!") == "current" for t in node.traits) else ""
        if traits:
            text += f" ({', '.join(traits)})"
        return self._say(f"{frame}{suffix}", x=text, ever=ever) + when

    def _count(self, node: Count, meant: bool) -> str:
        operator = node.operator
        if not meant and operator is Operator.EQUAL:
            limit = self._say("op.not_equal", n=node.bound)
        else:
            limit = self._say(_OPERATORS[operator if meant else COMPLEMENT[operator]], n=node.bound)
        kind = node.concept.partition(":")[0]
        called = name(node.concept, self.lang, self.register)
        return self._say("count" if kind in _TREATMENTS else "count.events", x=called, limit=limit)


def _register_frame(node: Presence) -> str:
    if node.register in ("therapy", "procedure", "medication"):
        return node.register
    return "therapy" if node.concept.partition(":")[0] in _TREATMENTS else "plain"


def _whole(quantity: str, operator: Operator, bound: int) -> tuple[Operator, int]:
    """A strict limit on a quantity of whole numbers as the limit that a person would say: "< 2" is "at most 1"."""
    if quantity not in _WHOLE or quantity == "age" or bound % SCALE:
        return operator, bound
    if operator is Operator.LESS:
        return Operator.AT_MOST, bound - SCALE
    if operator is Operator.GREATER:
        return Operator.AT_LEAST, bound + SCALE
    return operator, bound


def _flat(node: Expression, meant: bool, all_of: bool) -> list[Signed]:
    """The items of nested lists of one kind as one list."""
    while isinstance(node, Not):
        node, meant = node.item, not meant
    same = isinstance(node, And) if meant is all_of else isinstance(node, Or)
    if same and isinstance(node, And | Or) and node.items and not (meant and two_readings(node)):
        return [found for item in node.items for found in _flat(item, meant, all_of)]
    return [(node, meant)]


def two_readings(node: Expression) -> tuple[Signed, Signed] | None:
    """The two parts of a text that can be read as "both" or as "either", as `reading` writes it; else None."""
    match node:
        case Or(items=(And(items=(first, second)), And(items=(Or(items=(third, fourth)), Opaque())))) if (
            first == third and second == fourth
        ):
            return (first, True), (second, True)
    return None


def _read_and_unread(node: Expression) -> tuple[tuple[Expression, ...], list[Unread]]:
    """The items of a list that were read, and the kinds of those that were not."""
    items = node.items if isinstance(node, And) else ()
    bare = [(item, item.item if isinstance(item, Not) else item) for item in items]
    read = tuple(item for item, inner in bare if not isinstance(inner, Opaque))
    return read, [inner.why for _, inner in bare if isinstance(inner, Opaque)]


def _frame(node: Expression, meant: bool, all_of: bool, place: int) -> object:
    """What a phrase shares with others that are said together with it; its place in the list where it stands alone."""
    match node:
        case Presence(concept=concept, traits=traits, window=window) if meant or all_of:
            return ("presence", meant, traits, window, _register_frame(node), concept.startswith("hla:"))
        case Code(variable=variable) if meant is not all_of:
            return ("code", variable, meant)
        case Number(quantity=quantity, operator=Operator.AT_LEAST | Operator.AT_MOST) if meant and all_of:
            return ("number", quantity)
        case And() if meant and not all_of:
            read, unread = _read_and_unread(node)
            if read and unread:
                return ("unread", frozenset(unread))
    return place

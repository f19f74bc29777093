"""From the tokens of a sentence to an expression: exceptions, conditions, examples, lists, negation.

The grammar knows nothing of medicine. It finds how the parts of a sentence hang together and hands each part to the
readers of concepts. Where a text can be read in two ways, the expression is settled only where both ways agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartella.logic import And, Code, Expression, If, Not, Number, Opaque, Or, Presence, walk
from cartella.reading.alternatives import of_measures
from cartella.reading.cases import (
    Case,
    Instead,
    instead,
    lifted,
    other_case,
    with_alternative,
    without_causes,
)
from cartella.reading.clause import (
    KINDS_OF_THERAPY,
    Clause,
    conjunction,
    disjunction,
    either_reading,
    is_measured,
    kind_of,
    opaque,
)
from cartella.reading.concepts import READERS
from cartella.reading.conditions import conditional
from cartella.reading.cues import Cue
from cartella.reading.diseases import is_another, of_diseases
from cartella.reading.examples import with_examples
from cartella.reading.exceptions import with_exception
from cartella.reading.lists import grouped, parts_of, with_needs, with_shared_times
from cartella.reading.passing import (
    without_ages_of_scales,
    without_asides,
    without_heading,
    without_methods,
    without_organ_headings,
)
from cartella.reading.pauses import narrowed
from cartella.reading.phrases import (
    family,
    first_cue,
    negates_the_verb,
    negation_at,
    stands_alone,
    trimmed,
)
from cartella.reading.sexes import BySex, limits_by_sex
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token
from cartella.reading.viruses import of_one_virus


@dataclass(frozen=True, slots=True)
class Grammar:
    """Reads the sentences of one text.

    `unwanted`: a list means any of its parts, as in what excludes and in conditions; `excluding`: it states what
    excludes; `any_of`: what is asked for is any part of the list.
    """

    plain: PlainText
    unwanted: bool
    excluding: bool = False
    any_of: bool = False

    def read(self, tokens: Sequence[Token]) -> Expression | None:
        """What the sentence says the patient has; None if it says nothing."""
        tokens = trimmed(tokens)
        if not tokens:
            return None
        tokens = without_ages_of_scales(without_heading(tokens))
        if tokens[-1].is_cue(Cue.IF) and len(tokens) > 1:
            # "... tested in patients with:" the condition is missing
            rest, doubt = self.read(tokens[:-1]), self.unread(tokens[-1:])
            return None if rest is None else And((rest, doubt)) if self.unwanted else If(doubt, rest)
        if self.unwanted and (told := _told_of_all(tokens)) is not None:
            # "active autoimmune disease or a history of it, which may require treatment": said of both
            head, tail = self.read(tokens[:told]), self.listed([_illness(tokens[:told]), *tokens[told + 2 :]])
            if head is not None and tail is not None:
                return And((head, Or((tail, self.unread(tokens[told + 1 :])))))
        sexes = limits_by_sex(tokens)
        if sexes is not None and (by_sex := self._by_sex(sexes)) is not None:
            return by_sex
        other = None if self.unwanted else instead(tokens)
        if other is not None and (with_other := self._with_other(other)) is not None:
            return with_other
        case = other_case(tokens)
        if case is not None and (with_case := self._with_case(case)) is not None:
            return with_case
        ways = _alternatives(tokens)
        if len(ways) > 1:
            # "A; or B, C; or D": whole statements, any of which will do
            return disjunction([self.read(way) or self.unread(way) for way in ways])
        split = first_cue(tokens, Cue.ALTERNATIVES)
        if split is not None and not self.unwanted and negation_at(tokens[:split]) is None:
            return self._with_alternatives(tokens[:split], tokens[split + 1 :])
        split = first_cue(tokens, Cue.EXCEPT, Cue.UNLESS)
        if split is not None:
            return with_exception(self, without_causes(tokens, split), split)
        split = first_cue(tokens, Cue.IF, Cue.ONLY_IF)
        if split is not None:
            limited = conditional(self, tokens, split)
            if limited is not None:
                return limited
        split = first_cue(tokens, Cue.SUCH_AS)
        if split is not None:
            return with_examples(self, tokens, split)
        return self.listed(tokens)

    def _with_alternatives(self, head: list[Token], choice: list[Token]) -> Expression | None:
        """``Measurable disease by one of the following: A, B``: the head, and any part of the list."""
        read = [e for e in (self.read(head), replace(self, any_of=True).read(choice)) if e is not None]
        return conjunction(read) if read else None

    def _by_sex(self, found: BySex) -> Expression | None:
        """Each sex with its own limit; None where the limits cannot be read."""
        items: list[Expression] = []
        for sex, limit in found.limits.items():
            number = self.read([found.measured, limit])
            if number is None:
                return None
            code = Code("sex", frozenset({sex}), self.plain.original(limit.start, limit.end))
            items.append(And((code, number)) if self.unwanted else If(code, number))
        others = [self.read(part) for part in (found.before, found.after) if part]
        items += [other for other in others if other is not None]
        return disjunction(items) if self.unwanted else conjunction(items)

    def _with_other(self, found: Instead) -> Expression | None:
        """A limit, or what will do instead of it."""
        rule, other = self.read(found.main), self.read(found.other)
        return None if rule is None or other is None else with_alternative(rule, found.quantities, other)

    def _with_case(self, case: Case) -> Expression | None:
        """A limit that is another one in another case; None if the parts do not fit together."""
        condition = self.condition(case.condition)
        limit, rule = self.read(case.limit), self.read(case.main)
        if condition is None or limit is None or rule is None:
            return None
        return lifted(rule, condition, limit, unwanted=self.unwanted)

    def listed(self, tokens: Sequence[Token], shared: Sequence[Token] = ()) -> Expression | None:
        """A coordinated list of clauses, with a negation that reaches over the parts that follow it.

        `shared` are traits and times of the whole list.
        """
        parts, joins = parts_of(grouped(with_needs(without_methods(without_asides(list(tokens))))))
        parts = [[*shared, *part] for part in parts]
        kept = with_shared_times(without_organ_headings(parts))
        aligned = len(kept) == len(parts)
        units: list[_Unit] = []
        negated = False
        for place, part in enumerate(kept):
            join = joins[place - 1] if aligned and 0 < place <= len(joins) else ""
            position = negation_at(part)
            if position is not None and negates_the_verb(part, position):
                # "transfusion cannot occur within 7 days": what stands before the verb is denied, but for a limit
                limit = max((n for n in range(position) if part[n].kind is Kind.COMPARISON), default=-1) + 1
                stated = self._clause(part[:limit], negated=False)
                part, negated = [*part[limit:position], *part[position + 1 :]], True
                units.append(_Unit([stated] if stated is not None else [], [], join))
            elif position is not None:
                before, part = part[:position], part[position + 1 :]
                unit = _Unit([], [], join)
                if any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) or t.is_cue(Cue.STATE) for t in before):
                    positive = self._clause(before, negated=False)
                    unit.stated.extend([positive] if positive is not None else [])
                units.append(unit)
                negated = True
                owner = next((t for t in reversed(before) if t.kind is Kind.CONCEPT), None)
                if owner is not None and not any(t.kind in (Kind.CONCEPT, Kind.WORD) for t in part):
                    # "malignancy not in remission for 3 years": what is denied is a state of the same illness
                    part = [owner, *part]
            elif negated and stands_alone(part) and not _still_denied(part, joins, place):
                negated = False
            if negation_at(part) is not None:
                units.append(_Unit([self.unread(part)], [], join))
                negated = False
                continue
            expression = self._clause(part, negated=negated)
            if expression is None:
                continue
            if negated:
                units[-1].denied.append(expression)
            else:
                units.append(_Unit([expression], [], join))
        told = [(expression, unit.join) for unit in units if (expression := unit.expression()) is not None]
        if aligned:
            joins = [join for _, join in told[1:]]
        return self._joined([expression for expression, _ in told], joins) if told else None

    def _joined(self, items: list[Expression], joins: list[str]) -> Expression:
        """Combine the parts of a list by its connectives."""
        if len(items) == 1:
            return items[0]
        if (
            not (self.unwanted or self.any_of)
            and len(joins) == len(items) - 1
            and (asked := of_diseases(items, joins)) is not None
        ):
            return asked
        if not (self.unwanted or self.any_of) and (measured := of_measures(items, joins)) is not None:
            return measured
        named = {join for join in joins if join}
        if self.unwanted and named == {"and"} and of_one_virus(items):
            return conjunction(items)
        if self.unwanted and "and" in named and any(isinstance(i, Not) for i in items):
            # "an active infection, and not contained by treatment": narrower, or one more
            return either_reading(conjunction(items), disjunction(items), None)
        if not self.unwanted and all(isinstance(i, Not) or (isinstance(i, And) and _all_denied(i)) for i in items):
            # "no chemotherapy or no radiotherapy within 4 weeks": neither
            return conjunction(items)
        ends = len(joins) != len(items) - 1 or (joins and joins[-1] == "or")
        if self.unwanted or self.any_of or (named == {"or"} and ends):
            # "pregnant and lactating women", "hepatitis B and C": a list of what excludes means any of them
            return disjunction(items)
        if not self.unwanted and all(is_another(i, [o for o in items if o is not i]) for i in items):
            return disjunction(items)  # "patients with A and B": no one has both
        if named <= {"and"}:
            return conjunction(items)
        if "and" not in named and len(joins) == len(items) - 1:
            # "A, B, or C, at least 2 prior lines": the list ends with the part after its "or"
            end = max(n for n, join in enumerate(joins) if join == "or") + 1
            return conjunction([disjunction(items[: end + 1]), *items[end + 1 :]])
        if all(isinstance(i, Opaque) or (isinstance(i, Not) and isinstance(i.item, Opaque)) for i in items):
            return conjunction(items)  # nothing was read: how the parts hang together decides nothing
        return _by_precedence(items, joins)

    def _clause(self, tokens: list[Token], *, negated: bool) -> Expression | None:
        if not tokens:
            return None
        clause = Clause(
            tokens, self.plain, self.unwanted != negated, negated, self.excluding != (negated and not self.unwanted)
        )
        read = [expression for reader in READERS for expression in reader(clause)]
        residue = clause.residue()
        if not read:
            return opaque(clause, residue) if residue else None
        if clause.unwanted:
            return self._excluding(clause, read, residue)
        named = [e for e in read if isinstance(e, Code) and e.variable == "diagnosis"]
        narrowest = min(named, key=lambda e: len(e.codes), default=None)
        if narrowest is not None and all(narrowest.codes <= e.codes for e in named):
            # "a lymphoma of large B cells, DLBCL": one disease in wider and narrower words
            read = [e for e in read if e is narrowest or e not in named]
        elif len(named) > 1:
            both = either_reading(conjunction(named), disjunction(named), clause.span())
            read = [both, *(e for e in read if e not in named)]
        concerned = [e for e in read if _says_whom(e)]
        asked = [e for e in read if not _says_whom(e)]
        if all(_is_number(e) for e in asked) and len(residue) <= 4 and all(_is_harmless(t) for t in residue):
            residue = []  # words around a limit: what is compared with what has been read
        pauses = narrowed(asked, residue, opaque(clause, residue)) if residue else None
        if pauses is not None:
            asked, residue = pauses, []
        if residue:
            # a part that was not read may be what the rest depends on: only a measured limit stands on its own
            asked = [e if is_measured(e) else Or((e, opaque(clause, residue))) for e in asked]
            asked.append(opaque(clause, residue))
        if concerned and asked:
            return If(conjunction(concerned), conjunction(asked))
        return conjunction(concerned or asked)

    def _excluding(self, clause: Clause, read: list[Expression], residue: list[Token]) -> Expression:
        """A clause of what excludes: what was not read narrows it."""
        named = [e for e in read if isinstance(e, Code) and e.variable == "diagnosis"]
        treatments = [e for e in read if _is_treatment(e)]
        if len(treatments) > 1 and any(_is_finding(e) for e in read):
            # "autoimmune disease that requires steroids, requires immunosuppression": any of them will do
            read = [disjunction(treatments), *(e for e in read if e not in treatments)]
        if len([e for e in read if _is_finding(e)]) > 1 or len(named) > 1:
            # two findings without a word between them: both at once, or a list that lost its commas
            one = of_one_virus(read) or bool(DEPENDENT.search(clause.words()))
            read = [conjunction(read) if one else either_reading(conjunction(read), disjunction(read), clause.span())]
        limits = [e for e in read if _is_number(e)]
        if len({n.quantity for e in limits for n in walk(e) if isinstance(n, Number)}) > 1:
            # limits one after another: a list that lost its commas, of which each excludes
            sure = len(read) == len(limits) > 2
            each = disjunction(read)
            read = [each] if sure else [either_reading(conjunction(read), each, clause.span())]
        if residue and _speaks_of_the_future(clause):
            doubt = opaque(clause, residue)
            return Or((conjunction(read), doubt)) if NOW.search(clause.words()) else doubt
        return conjunction([*read, opaque(clause, residue)] if residue else read)

    def condition(self, tokens: Sequence[Token]) -> Expression | None:
        """The same tokens as a condition or an exception: a list there means any of its parts."""
        return replace(self, unwanted=True).read(tokens)

    def unread(self, tokens: Sequence[Token]) -> Opaque:
        """The tokens as a text that was not understood."""
        return opaque(Clause(list(tokens), self.plain, self.unwanted), tokens)


DEPENDENT = re.compile(r"\b(?:transfusion|steroid|oxygen|dialysis)[- ]dependent\s+\w", re.I)
"""``transfusion-dependent thrombocytopenia``: one finding."""


def _told_of_all(tokens: Sequence[Token]) -> int | None:
    """The comma before a "which" that follows two mentions of one illness."""
    for n, token in enumerate(tokens[:-2]):
        if token.kind is Kind.COMMA and tokens[n + 1].text.lower() == "which":
            named = [t.concepts for t in tokens[:n] if family(t) == "cond"]
            return n if len(named) > 1 and len(set(named)) == 1 else None
    return None


def _illness(tokens: Sequence[Token]) -> Token:
    return next(t for t in tokens if family(t) == "cond")


def _by_precedence(items: list[Expression], joins: list[str]) -> Expression:
    """``A or B and C``: the "and" binds first, or the "or" does; settled where both agree."""
    if len(joins) != len(items) - 1 or "mixed" in joins:
        return either_reading(conjunction(items), disjunction(items), None)
    filled = list(joins)
    for n in range(len(filled) - 1, -1, -1):
        filled[n] = filled[n] or (filled[n + 1] if n + 1 < len(filled) else "and")

    def cut(at: str) -> list[list[Expression]]:
        groups = [[items[0]]]
        for join, item in zip(filled, items[1:], strict=True):
            if join == at:
                groups.append([item])
            else:
                groups[-1].append(item)
        return groups

    first = disjunction([conjunction(group) for group in cut("or")])
    return either_reading(first, conjunction([disjunction(group) for group in cut("and")]), None)


@dataclass(slots=True)
class _Unit:
    """A part of a list: what it states, what a negation in it and after it denies, and how it is joined on."""

    stated: list[Expression]
    denied: list[Expression]
    join: str

    def expression(self) -> Expression | None:
        items = list(self.stated)
        if self.denied:
            items.append(Not(disjunction(self.denied)))
        return conjunction(items) if items else None


def _all_denied(expression: And) -> bool:
    return all(isinstance(item, Not) for item in expression.items)


def _still_denied(part: Sequence[Token], joins: Sequence[str], place: int) -> bool:
    """``no active infection or temperature above 38``: an "or" carries the negation on, a verb of its own ends it."""
    carried = 0 < place <= len(joins) and joins[place - 1] == "or"
    return carried and not part[0].is_cue(Cue.HISTORY, Cue.REQUIRE)


NOW = re.compile(r"\b(?:currently|receiving|received|taking|pregnant|lactating)\b.*\bor\b", re.I)
FUTURE = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|intend\w*|intention|likely|anticipated?|expected|scheduled|desire|wish\w*|will)\b", re.I
)


def _speaks_of_the_future(clause: Clause) -> bool:
    """Plans and likelihoods: no record settles them."""
    return bool(FUTURE.search(clause.words()))


ABOUT_WOMEN = frozenset({"cond:childbearing_potential", "cond:pregnancy", "cond:breastfeeding", "cond:postmenopausal"})


def _is_finding(expression: Expression) -> bool:
    match expression:
        case Presence(concept=concept):
            return concept.startswith(("cond:", "disease:")) and concept not in ABOUT_WOMEN
        case Code(variable=variable):
            return variable.endswith(".detected")
        case And(items=items) | Or(items=items):
            return any(_is_finding(i) for i in items)
        case _:
            return False


def _is_treatment(expression: Expression) -> bool:
    match expression:
        case Presence(concept=concept):
            return kind_of(concept) in KINDS_OF_THERAPY
        case And(items=items) | Or(items=items):
            return any(_is_treatment(i) for i in items) and not any(_is_finding(i) for i in items)
        case _:
            return False


def _says_whom(expression: Expression) -> bool:
    """Sex and child-bearing potential say whom a demand concerns; nobody demands them."""
    match expression:
        case Code(variable="sex") | Presence(concept="cond:childbearing_potential" | "cond:fathering_intent"):
            return True
        case _:
            return False


CHANGING = frozenset(
    """increase increased increasing decrease decreased decreasing rise rising drop change changes fold donor donors
    if within ratio proportion percentage difference direct indirect conjugated per two consecutive sequential free
    unsupported half time post pre trend stable nadir maximum minimum less equal greater than more least not""".split()
)


def _alternatives(tokens: Sequence[Token]) -> list[list[Token]]:
    """The statements between semicolons, if one of them begins with "or"; otherwise the whole."""
    depth, joined = 0, False
    ways: list[list[Token]] = [[]]
    for n, token in enumerate(tokens):
        depth += (token.kind is Kind.OPEN) - (token.kind is Kind.CLOSE)
        if token.kind is Kind.SEMICOLON and depth <= 0:
            joined = joined or any(t.is_cue(Cue.OR) for t in tokens[n + 1 : n + 2])
            ways.append([])
        else:
            ways[-1].append(token)
    return [way for each in ways if (way := trimmed(each))] if joined else [list(tokens)]


def _is_harmless(token: Token) -> bool:
    return (
        token.kind is Kind.WORD
        and token.text.isalpha()
        and token.text.lower() not in CHANGING
        and not token.text.isupper()
    )


def _is_number(expression: Expression) -> bool:
    match expression:
        case Number():
            return True
        case And(items=items) | Or(items=items):
            return bool(items) and all(_is_number(i) for i in items)
        case _:
            return False

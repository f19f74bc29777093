"""From the tokens of a sentence to an expression: exceptions, conditions, examples, lists, negation.

The grammar knows nothing of medicine. It finds how the parts of a sentence hang together and hands each part to the
readers of concepts. Where a text can be read in two ways, the expression is settled only where both ways agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartella.logic import SCALE, And, Code, Expression, If, Not, Number, Opaque, Operator, Or, Presence, walk
from cartella.reading.cases import Case, lifted, other_case
from cartella.reading.circles import circle_of, without_disease
from cartella.reading.clause import Clause, conjunction, conjuncts, disjunction, either_reading, kind_of, opaque
from cartella.reading.concepts import READERS
from cartella.reading.cues import Cue
from cartella.reading.lists import grouped, parts_of, with_shared_times
from cartella.reading.passing import without_asides, without_methods, without_organ_headings
from cartella.reading.phrases import (
    family,
    first_cue,
    modifiers,
    negates_the_verb,
    negation_at,
    scope,
    stands_alone,
    trimmed,
    widened,
)
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token


@dataclass(frozen=True, slots=True)
class Grammar:
    """Reads the sentences of one text.

    `unwanted`: a list means any of its parts, as in what excludes and in conditions; `excluding`: it states what
    excludes.
    """

    plain: PlainText
    unwanted: bool
    excluding: bool = False

    def read(self, tokens: Sequence[Token]) -> Expression | None:
        """What the sentence says the patient has; None if it says nothing."""
        tokens = trimmed(tokens)
        if not tokens:
            return None
        ways = _alternatives(tokens)
        if len(ways) > 1:
            # "A; or B, C; or D": whole statements, any of which will do
            return disjunction([self.read(way) or self._unread(way) for way in ways])
        case = other_case(tokens)
        if case is not None and (with_case := self._with_case(case)) is not None:
            return with_case
        split = first_cue(tokens, Cue.EXCEPT, Cue.UNLESS)
        if split is not None:
            return self._with_exception(tokens, split)
        split = first_cue(tokens, Cue.IF, Cue.ONLY_IF)
        if split is not None:
            conditional = self._conditional(tokens, split)
            if conditional is not None:
                return conditional
        split = first_cue(tokens, Cue.SUCH_AS)
        if split is not None:
            return self._with_examples(tokens, split)
        return self._list(tokens)

    def _with_case(self, case: Case) -> Expression | None:
        """A limit that is another one in another case; None if the parts do not fit together."""
        condition = replace(self, unwanted=True).read(case.condition)
        limit, rule = self.read(case.limit), self.read(case.main)
        if condition is None or limit is None or rule is None:
            return None
        return lifted(rule, condition, limit, unwanted=self.unwanted)

    def _with_exception(self, tokens: list[Token], split: int) -> Expression | None:
        main, inside, after = scope(tokens, split)
        if not main:
            # "Except for X, no Y": the exception stands first and ends at the comma
            comma = next((n for n, t in enumerate(inside) if t.kind is Kind.COMMA), None)
            if comma is None:
                return self._unread(tokens)
            main, inside = inside[comma + 1 :], inside[:comma]
        if _names_the_cancer(inside) and any(t.concepts in OTHER_CANCER for t in main):
            # "malignancy other than multiple myeloma": the cancer under study is no exception to tell
            inside_rest = [t for t in inside if t.kind is Kind.TIME]
            return self.read([*main, *inside_rest, *after])
        steroids = self._steroid_exception(main, inside)
        if steroids is not None:
            rule = self.read([*main, *after])
            if rule is None or steroids == And(()):
                return rule
            return And((rule, Not(steroids))) if self.unwanted else Or((rule, steroids))
        other = next((t for t in main if t.concepts in OTHER_CANCER), None)
        if (
            other is not None
            and not any(t.kind is Kind.CONCEPT for t in inside)
            and any(t.is_cue(Cue.TRAIT) for t in inside)
        ):
            # "other malignancy unless disease-free for 3 years": the exception speaks of that malignancy
            inside = [replace(other, concepts=(("cond:second_malignancy",),)), *inside]
        if inside and inside[-1].kind is Kind.TIME and not any(t.kind is Kind.TIME for t in main):
            # "chemotherapy other than lymphodepletion within 14 days": the time is the rule's
            main, inside = [*main, inside[-1]], inside[:-1]
        inside, rest = _diseases_taken_away(inside) if not self.unwanted else (inside, [])
        rule = self.read([*main, *after, *rest])
        if rule is None:
            return self._unread(tokens)
        other_limit = self._other_limit(main, inside)
        if other_limit is not None:
            condition, limit = other_limit
            return And((rule, Or((Not(condition), limit)))) if self.unwanted else Or((rule, And((condition, limit))))
        while inside and inside[0].is_cue(Cue.IF, Cue.GLUE):
            inside = inside[1:]
        exception = replace(self, unwanted=True).read([t for t in inside if not t.is_cue(Cue.PERMIT)])
        lifted = self._unread(tokens[split:]) if exception is None else exception
        if not self.unwanted and tokens[split].is_cue(Cue.EXCEPT) and _takes_away(main, rule, lifted):
            return And((rule, Not(lifted)))
        return And((rule, Not(lifted))) if self.unwanted else Or((rule, lifted))

    def _steroid_exception(self, main: Sequence[Token], inside: Sequence[Token]) -> Expression | None:
        """Inhaled or applied steroids are not systemic; a replacement dose is a small one. None: another matter."""
        if not any(c in STEROIDS for t in main for g in t.concepts for c in g):
            return None
        words = " ".join(t.text.lower() for t in inside)
        if REPLACEMENT.search(words):
            return replacement_dose(self._unread(inside))
        return And(()) if LOCAL_ROUTES.match(words) else None

    def _other_limit(self, main: Sequence[Token], inside: Sequence[Token]) -> tuple[Expression, Expression] | None:
        """``(<= 5 x ULN if the liver is involved)``: under a condition, another limit for the same quantity."""
        measured = [t for t in main if t.kind is Kind.CONCEPT and family(t) == "lab"]
        limits = [n for n, t in enumerate(inside) if t.kind is Kind.COMPARISON]
        if not measured or len(limits) != 1:
            return None
        own = [t for t in inside if t.kind is Kind.CONCEPT and family(t) == "lab"]
        listed = grouped([t for t in main if t.kind is not Kind.COMPARISON])
        quantity = own or [t for t in listed if t.kind is Kind.CONCEPT and family(t) == "lab"]
        rest = [
            t
            for n, t in enumerate(inside)
            if n not in limits and t not in own and not t.is_cue(Cue.REQUIRE, Cue.IF, Cue.PERMIT)
        ]
        condition = replace(self, unwanted=True).read(rest)
        limit = self.read([*quantity, inside[limits[0]]])
        return None if condition is None or limit is None else (condition, limit)

    def _conditional(self, tokens: list[Token], split: int) -> Expression | None:
        main, inside, after = scope(tokens, split)
        cue = tokens[split].cue
        bracket = next((n for n in range(split - 1, -1, -1) if tokens[n].kind is Kind.OPEN), None)
        if bracket is not None and any(t.kind is Kind.COMPARISON for t in tokens[bracket:split]):
            outer = trimmed(tokens[:bracket])
            other_limit = self._other_limit(outer, [*tokens[bracket + 1 : split], *inside])
            rule = self.read([*outer, *after])
            if other_limit is None or rule is None:
                return self._unread(tokens)
            case, limit = other_limit
            return And((rule, Or((Not(case), limit)))) if self.unwanted else Or((rule, And((case, limit))))
        if not main and not after:
            edge = next(
                (n for n, t in enumerate(inside) if t.kind in (Kind.COMMA, Kind.COLON) or t.is_cue(Cue.REQUIRE)), None
            )
            if edge is None:
                return None
            inside, main = inside[:edge], inside[edge + 1 :]
        two = _two_conditions(tokens, split) if not self.unwanted else None
        if two is not None:
            # "Karnofsky 70 if over 16, or Lansky 70 if younger": each with its own condition
            cases = [self.read(tokens[:two]), self.read(tokens[two + 1 :])]
            return disjunction([And((c.condition, c.then)) if isinstance(c, If) else c for c in cases if c is not None])
        condition = replace(self, unwanted=True).read(inside)
        last = _last_scale(main) if not after and not self.unwanted else None
        if last is not None and condition is not None:
            # "ECOG 0-1, or Lansky 60 or more for those under 16": the age is asked of the second scale alone
            first, second = self.read(main[:last]), self.read(main[last + 1 :])
            return None if first is None or second is None else Or((first, And((condition, second))))
        rule = self.read([*main, *after])
        if rule is None or condition is None:
            return None
        if cue is Cue.ONLY_IF:
            if not self.unwanted and not _is_measured(condition):
                condition = Or((condition, self._unread(tokens[split:])))
            return And((rule, condition))
        return And((condition, rule)) if self.unwanted else If(condition, rule)

    def _with_examples(self, tokens: list[Token], split: int) -> Expression | None:
        head, examples, after = scope(tokens, split)
        kinds = {kind_of(c) for t in head if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
        kinds -= {"class"} if all(c in GENERAL for t in head for g in t.concepts for c in g) else set()
        permissive = (split > 0 and tokens[split - 1].text.lower() in {"can", "may", "could"}) or "limited" in tokens[
            split
        ].text.lower()
        late = [t for t in examples if t.kind is Kind.TIME]
        if len(late) == 1 and not any(t.kind is Kind.TIME for t in head) and any(family(t) == "therapy" for t in head):
            head = [*head, late[0]]
        if any(t.kind is Kind.TIME for t in head) and not kinds:
            # "4 weeks since prior therapy that included an antibody": the time is that of the parts
            return self._list([*(t for t in head if t.kind is Kind.TIME), *examples])
        read_head = self.read([*head, *after])
        if read_head is None:
            return self._list(examples)
        named = {kind_of(c) for t in examples if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
        if "disease" in kinds and "disease" in named:
            return self._list(widened([*head, *after], examples))
        if not self.unwanted and permissive:
            return read_head
        if not self.unwanted and named and named <= {"drug", "class", "regimen", "antigen"}:
            # "two lines of therapy including an anti-CD20 antibody": the parts are asked for as well
            listed = self._list(examples)
            return read_head if listed is None else And((read_head, listed))
        if self.unwanted and "cond" in kinds and named and named <= {"drug", "class", "regimen"}:
            return read_head  # "an illness that needs treatment (such as steroids)": no treatment is excluded by itself
        listed = self._list([*modifiers([*head, *after]), *examples])
        if listed is None:
            return read_head
        if negation_at(head) is not None:
            # "no autoimmune disease such as lupus": the examples are denied with the head
            inner = self._list(examples)
            return read_head if inner is None else And((read_head, Not(inner)))
        if not self.unwanted:
            # "(including relapse or progression)": what the head means, no alternative to it
            return Or((read_head, And((listed, self._unread(tokens)))))
        return Or((read_head, listed))

    def _list(self, tokens: Sequence[Token]) -> Expression | None:
        """A coordinated list of clauses, with a negation that reaches over the parts that follow it."""
        parts, joins = parts_of(grouped(without_methods(without_asides(list(tokens)))))
        units: list[_Unit] = []
        negated = False
        for place, part in enumerate(with_shared_times(without_organ_headings(parts))):
            position = negation_at(part)
            if position is not None and negates_the_verb(part, position):
                # "transfusion cannot occur within 7 days": what stands before the verb is denied
                part, negated = [t for n, t in enumerate(part) if n != position], True
                units.append(_Unit([], []))
            elif position is not None:
                before, part = part[:position], part[position + 1 :]
                unit = _Unit([], [])
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
                units.append(_Unit([self._unread(part)], []))
                negated = False
                continue
            expression = self._clause(part, negated=negated)
            if expression is None:
                continue
            if negated:
                units[-1].denied.append(expression)
            else:
                units.append(_Unit([expression], []))
        items = [expression for unit in units if (expression := unit.expression()) is not None]
        return self._joined(items, joins) if items else None

    def _joined(self, items: list[Expression], joins: list[str]) -> Expression:
        """Combine the parts of a list by its connectives."""
        if len(items) == 1:
            return items[0]
        if not self.unwanted and len(joins) == len(items) - 1 and (asked := _of_diseases(items, joins)) is not None:
            return asked
        named = {join for join in joins if join}
        if self.unwanted and "and" in named and any(isinstance(i, Not) for i in items):
            # "an active infection, and not contained by treatment": narrower, or one more
            return either_reading(conjunction(items), disjunction(items), None)
        ends = len(joins) != len(items) - 1 or (joins and joins[-1] == "or")
        if self.unwanted or (named == {"or"} and ends):
            # "pregnant and lactating women", "hepatitis B and C": a list of what excludes means any of them
            return disjunction(items)
        if named <= {"and"}:
            return conjunction(items)
        if "and" not in named and len(joins) == len(items) - 1:
            # "A, B, or C, at least 2 prior lines": the list ends with the part after its "or"
            end = max(n for n, join in enumerate(joins) if join == "or") + 1
            return conjunction([disjunction(items[: end + 1]), *items[end + 1 :]])
        return either_reading(conjunction(items), disjunction(items), None)

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
        if residue:
            # a part that was not read may be what the rest depends on: only a measured limit stands on its own
            asked = [e if _is_measured(e) else Or((e, opaque(clause, residue))) for e in asked]
            asked.append(opaque(clause, residue))
        if concerned and asked:
            return If(conjunction(concerned), conjunction(asked))
        return conjunction(concerned or asked)

    def _excluding(self, clause: Clause, read: list[Expression], residue: list[Token]) -> Expression:
        """A clause of what excludes: what was not read narrows it."""
        named = [e for e in read if isinstance(e, Code) and e.variable == "diagnosis"]
        if len([e for e in read if _is_finding(e)]) > 1 or len(named) > 1:
            # two findings without a word between them: both at once, or a list that lost its commas
            read = [either_reading(conjunction(read), disjunction(read), clause.span())]
        if residue and _speaks_of_the_future(clause):
            doubt = opaque(clause, residue)
            return Or((conjunction(read), doubt)) if NOW.search(clause.words()) else doubt
        return conjunction([*read, opaque(clause, residue)] if residue else read)

    def _unread(self, tokens: Sequence[Token]) -> Opaque:
        return opaque(Clause(list(tokens), self.plain, self.unwanted), tokens)


@dataclass(slots=True)
class _Unit:
    """A part of a list: what it states, and what a negation in it and after it denies."""

    stated: list[Expression]
    denied: list[Expression]

    def expression(self) -> Expression | None:
        items = list(self.stated)
        if self.denied:
            items.append(Not(disjunction(self.denied)))
        return conjunction(items) if items else None


def _of_diseases(items: Sequence[Expression], joins: Sequence[str]) -> Expression | None:
    """``lymphoma A or B, after two lines and with measurable disease``: nothing else can stand in for a disease.

    The diseases are alternatives, and what stands beside them is asked for as well; an "or" behind a disease with a
    condition joins that condition ("A in second remission or in relapse"). None where no disease, or nothing but
    diseases, is listed, or where an "or" joins something else to a bare disease.
    """
    diseases: list[Expression] = []
    others: list[Expression] = []
    asks = [circle_of(item) is not None for item in items]
    if all(asks) or not any(asks) or any(_is_an_illness(i) for i in items):
        return None
    for n, item in enumerate(items):
        join = joins[n - 1] if n else ""
        if asks[n]:
            if diseases and not (join == "or" or _ends_with_or(joins, n - 1)):
                return None
            diseases.append(item)
        elif join != "or":
            others.append(item)
        elif not asks[n - 1] and others:
            others[-1] = disjunction([others[-1], item])
        elif (conditions := without_disease(items[n - 1])) and isinstance(items[n - 1], And):
            named = [c for c in conjuncts(items[n - 1]) if c not in conditions]
            diseases[-1] = conjunction([*named, disjunction([conjunction(conditions), item])])
        else:
            return None
    return conjunction([disjunction(diseases), *others])


def _is_an_illness(item: Expression) -> bool:
    """Another illness may be an alternative to the cancer: ``a gammopathy or smouldering myeloma``."""
    return any(isinstance(n, Presence) and n.concept.startswith(("cond:", "disease:")) for n in walk(item))


def _ends_with_or(joins: Sequence[str], at: int) -> bool:
    """``A, B, or C``: the commas before an "or" mean the same."""
    return not joins[at] and next((join for join in joins[at:] if join), "") == "or"


def _diseases_taken_away(inside: list[Token]) -> tuple[list[Token], list[Token]]:
    """``lymphoma, except Burkitt lymphoma, relapsed after two lines``: behind the diseases the rule goes on."""
    named = [n for n, t in enumerate(inside) if family(t) == "disease"]
    comma = next((n for n, t in enumerate(inside) if named and n > named[-1] and t.kind is Kind.COMMA), None)
    if comma is None or any(t.kind is Kind.CONCEPT and family(t) != "disease" for t in inside[:comma]):
        return inside, []
    return inside[:comma], inside[comma:]


def _takes_away(main: Sequence[Token], rule: Expression, exception: Expression) -> bool:
    """``Aggressive lymphoma (excluding Burkitt lymphoma)``: the exception is one of the diseases of the rule."""
    asked = [n for n in conjuncts(rule) if isinstance(n, Code) and n.variable == "diagnosis"]
    named = [n for n in walk(exception) if not isinstance(n, And | Or)]
    return (
        bool(asked)
        and negation_at(main) is None
        and all(isinstance(n, Code) and n.variable == "diagnosis" and not n.codes >= asked[0].codes for n in named)
    )


OTHER_CANCER = ((("cond:second_malignancy",),), (("disease:CANCER",),))


def _still_denied(part: Sequence[Token], joins: Sequence[str], place: int) -> bool:
    """``no active infection or temperature above 38``: an "or" carries the negation on, a verb of its own ends it."""
    carried = 0 < place <= len(joins) and joins[place - 1] == "or"
    return carried and not part[0].is_cue(Cue.HISTORY, Cue.REQUIRE)


def _names_the_cancer(tokens: Sequence[Token]) -> bool:
    named = [t for t in tokens if t.kind is Kind.CONCEPT]
    loose = [t for t in tokens if t.kind is Kind.WORD or t.is_cue(Cue.JUDGEMENT, Cue.UNLESS, Cue.EXCEPT)]
    return bool(named) and not loose and all(family(t) == "disease" for t in named) and len(named) == 1


GENERAL = frozenset({"class:systemic_therapy", "class:treatment", "class:medication", "class:anticancer_agent"})
NOW = re.compile(r"\b(?:currently|receiving|received|taking|pregnant|lactating)\b.*\bor\b", re.I)
FUTURE = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|intend\w*|intention|likely|anticipated?|expected|scheduled|desire|wish\w*|will)\b", re.I
)


def _speaks_of_the_future(clause: Clause) -> bool:
    """Plans and likelihoods: no record settles them."""
    return bool(FUTURE.search(clause.words()))


STEROIDS = frozenset({"class:corticosteroid", "class:systemic_corticosteroid", "class:immunosuppressant"})
REPLACEMENT = re.compile(r"\b(?:replacement|physiologic\w*|adrenal|substitution)\b", re.I)
LOCAL_ROUTES = re.compile(
    r"^\W*(?:(?:inhaled|inhalation|inhalers?|topical|topically|intranasal|nasal|local|locally|ophthalmic|ocular"
    r"|otic|eye|drops|intra-?articular|joint|injections?|sprays?|creams?|ointments?|skin|use|used|for|of|or|and"
    r"|the|applied|administered|application|cortico-?steroids?|steroids?|glucocorticoids?|hormones?|therapy"
    r"|treatment|only|via|by|route|aerosol|external)\b\W*)+$",
    re.I,
)


def replacement_dose(doubt: Opaque) -> Expression:
    """A dose above 10 mg of prednisone a day replaces nothing (rules of the field: 5 to 10 mg); a smaller one may."""
    return And((Number("steroid_dose", Operator.AT_MOST, 10 * SCALE), doubt))


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


def _two_conditions(tokens: Sequence[Token], first: int) -> int | None:
    """The "or" between two scales that both have a condition of their own."""
    for n in range(first + 1, len(tokens)):
        later = tokens[n + 1 :]
        if tokens[n].is_cue(Cue.OR) and any(t.is_cue(Cue.IF) for t in later):
            upto = first_cue(later, Cue.IF)
            return n if any(family(t) == "scale" for t in later[:upto]) else None
    return None


def _last_scale(tokens: Sequence[Token]) -> int | None:
    """Where the "or" stands between two scales, the last of which ends the list."""
    scales = [n for n, t in enumerate(tokens) if family(t) == "scale"]
    cuts = [n for n, t in enumerate(tokens) if t.is_cue(Cue.OR)]
    if len(scales) < 2 or not cuts or not scales[-2] < cuts[-1] < scales[-1]:
        return None
    return cuts[-1] if any(t.kind is Kind.COMPARISON for t in tokens[scales[-2] : cuts[-1]]) else None


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


def _is_measured(expression: Expression) -> bool:
    match expression:
        case Number() | Not():
            return True
        case Code(variable=variable):
            return variable.startswith("antigen:") or variable == "diagnosis"
        case And(items=items) | Or(items=items):
            return all(_is_measured(i) for i in items)
        case _:
            return False

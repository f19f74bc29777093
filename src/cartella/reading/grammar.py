"""From the tokens of a sentence to an expression: exceptions, conditions, examples, lists, negation.

The grammar knows nothing of medicine. It finds how the parts of a sentence hang together and hands each part to the
readers of concepts. Where a text can be read in two ways, the expression is settled only where both ways agree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartella.knowledge import knowledge
from cartella.logic import And, Expression, If, Not, Opaque, Or
from cartella.reading.clause import Clause, conjunction, disjunction, either_reading, kind_of, opaque
from cartella.reading.concepts import READERS
from cartella.reading.cues import Cue
from cartella.reading.text import PlainText
from cartella.reading.tokens import Kind, Token

LEVEL_OF_IT = re.compile(r"(?:nyha|class|grade|new\s+york|child)\b", re.I)
CONNECTIVES = (Cue.AND, Cue.OR, Cue.AND_OR)
LISTED = {"drug": "therapy", "class": "therapy", "regimen": "therapy", "cond": "cond", "lab": "lab", "antigen": "antigen",
          "disease": "disease", "scale": "scale", "gene": "gene", "hla": "hla", "site": "site"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grammar:
    """Reads the sentences of one text. `unwanted`: the sentence states what excludes."""

    plain: PlainText
    unwanted: bool

    def read(self, tokens: Sequence[Token]) -> Expression | None:
        """What the sentence says the patient has; None if it says nothing."""
        tokens = _trimmed(tokens)
        if not tokens:
            return None
        split = _first(tokens, Cue.EXCEPT, Cue.UNLESS)
        if split is not None:
            return self._with_exception(tokens, split)
        split = _first(tokens, Cue.IF, Cue.ONLY_IF)
        if split is not None:
            conditional = self._conditional(tokens, split)
            if conditional is not None:
                return conditional
        split = _first(tokens, Cue.SUCH_AS)
        if split is not None:
            return self._with_examples(tokens, split)
        return self._list(tokens)

    def _with_exception(self, tokens: list[Token], split: int) -> Expression | None:
        main, inside, after = _scope(tokens, split)
        if not main:
            # "Except for X, no Y": the exception stands first and ends at the comma
            comma = next((n for n, t in enumerate(inside) if t.kind is Kind.COMMA), None)
            if comma is None:
                return self._unread(tokens)
            main, inside = inside[comma + 1 :], inside[:comma]
        rule = self.read([*main, *after])
        if rule is None:
            return self._unread(tokens)
        other_limit = self._other_limit(main, inside)
        if other_limit is not None:
            condition, limit = other_limit
            return And((rule, Or((Not(condition), limit)))) if self.unwanted else Or((rule, And((condition, limit))))
        exception = replace(self, unwanted=True).read([t for t in inside if not t.is_cue(Cue.PERMIT)])
        lifted = self._unread(tokens[split:]) if exception is None else exception
        return And((rule, Not(lifted))) if self.unwanted else Or((rule, lifted))

    def _other_limit(self, main: Sequence[Token], inside: Sequence[Token]) -> tuple[Expression, Expression] | None:
        """``(<= 5 x ULN if the liver is involved)``: under a condition, another limit for the same quantity."""
        measured = [t for t in main if t.kind is Kind.CONCEPT and _family(t) == "lab"]
        limits = [n for n, t in enumerate(inside) if t.kind is Kind.COMPARISON]
        if not measured or len(limits) != 1:
            return None
        own = [t for t in inside if t.kind is Kind.CONCEPT and _family(t) == "lab"]
        listed = _grouped([t for t in main if t.kind is not Kind.COMPARISON])
        quantity = own or [t for t in listed if t.kind is Kind.CONCEPT and _family(t) == "lab"]
        rest = [
            t
            for n, t in enumerate(inside)
            if n not in limits and t not in own and not t.is_cue(Cue.REQUIRE, Cue.IF, Cue.PERMIT)
        ]
        condition = replace(self, unwanted=True).read(rest)
        limit = self.read([*quantity, inside[limits[0]]])
        return None if condition is None or limit is None else (condition, limit)

    def _conditional(self, tokens: list[Token], split: int) -> Expression | None:
        main, inside, after = _scope(tokens, split)
        cue = tokens[split].cue
        bracket = next((n for n in range(split - 1, -1, -1) if tokens[n].kind is Kind.OPEN), None)
        if bracket is not None and any(t.kind is Kind.COMPARISON for t in tokens[bracket:split]):
            outer = _trimmed(tokens[:bracket])
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
        condition = replace(self, unwanted=True).read(inside)
        rule = self.read([*main, *after])
        if rule is None or condition is None:
            return None
        if cue is Cue.ONLY_IF:
            return And((rule, condition))
        return And((condition, rule)) if self.unwanted else If(condition, rule)

    def _with_examples(self, tokens: list[Token], split: int) -> Expression | None:
        head, examples, after = _scope(tokens, split)
        kinds = {kind_of(c) for t in head if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
        read_head = self.read([*head, *after])
        if read_head is None:
            return self._list(examples)
        named = {kind_of(c) for t in examples if t.kind is Kind.CONCEPT for group in t.concepts for c in group}
        if "disease" in kinds and "disease" in named:
            return self._list(_widened([*head, *after], examples))
        if not self.unwanted and named and named <= {"drug", "class", "regimen", "antigen"}:
            # "two lines of therapy including an anti-CD20 antibody": the parts are asked for as well
            listed = self._list(examples)
            return read_head if listed is None else And((read_head, listed))
        listed = self._list([*_modifiers(head), *examples])
        if listed is None:
            return read_head
        if _negation(head) is not None:
            # "no autoimmune disease such as lupus": the examples are denied with the head
            inner = self._list(examples)
            return read_head if inner is None else And((read_head, Not(inner)))
        return Or((read_head, listed))

    def _list(self, tokens: Sequence[Token]) -> Expression | None:
        """A coordinated list of clauses, with a negation that reaches over the parts that follow it."""
        grouped = _grouped(_without_asides(list(tokens)))
        parts, joins = _parts(grouped)
        read: list[tuple[Expression, bool]] = []
        negated = False
        for part in parts:
            position = _negation(part)
            if position is not None and _negates_the_verb(part, position):
                # "transfusion cannot occur within 7 days": what stands before the verb is denied
                part, negated = [t for n, t in enumerate(part) if n != position], True
            elif position is not None:
                before, part = part[:position], part[position + 1 :]
                if any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) or t.is_cue(Cue.STATE) for t in before):
                    positive = self._clause(before, negated=False)
                    if positive is not None:
                        read.append((positive, False))
                negated = True
            elif negated and _stands_alone(part):
                negated = False
            if _negation(part) is not None:
                read.append((self._unread(part), False))
                continue
            expression = self._clause(part, negated=negated)
            if expression is not None:
                read.append((expression, negated))
        if not read:
            return None
        denied = [e for e, n in read if n]
        stated = [e for e, n in read if not n]
        items = [self._joined(stated, joins)] if stated else []
        if denied:
            items.append(Not(disjunction(denied)))
        return conjunction(items)

    def _joined(self, items: list[Expression], joins: list[str]) -> Expression:
        """Combine the parts of a list by its connectives."""
        if len(items) == 1:
            return items[0]
        named = {join for join in joins if join}
        if self.unwanted or named == {"or"}:
            # "pregnant and lactating women", "hepatitis B and C": a list of what excludes means any of them
            return disjunction(items)
        if named <= {"and"}:
            return conjunction(items)
        return either_reading(conjunction(items), disjunction(items), None)

    def _clause(self, tokens: list[Token], *, negated: bool) -> Expression | None:
        if not tokens:
            return None
        clause = Clause(tokens, self.plain, self.unwanted != negated, negated)
        read = [expression for reader in READERS for expression in reader(clause)]
        residue = clause.residue()
        if residue:
            read.append(opaque(clause, residue))
        return conjunction(read) if read else None

    def _unread(self, tokens: Sequence[Token]) -> Opaque:
        return opaque(Clause(list(tokens), self.plain, self.unwanted), tokens)


def _widened(head: Sequence[Token], examples: Sequence[Token]) -> list[Token]:
    """``LBCL including tFL and PMBCL``: the examples are diseases that the head takes in."""
    more = tuple(
        g for t in examples if t.kind is Kind.CONCEPT for g in t.concepts if all(kind_of(c) == "disease" for c in g)
    )
    result = list(head)
    last = max(n for n, t in enumerate(result) if t.kind is Kind.CONCEPT and _family(t) == "disease")
    result[last] = replace(result[last], concepts=result[last].concepts + more, join="or")
    return result


def _trimmed(tokens: Sequence[Token]) -> list[Token]:
    edge = (Kind.COMMA, Kind.SEMICOLON, Kind.COLON)
    result = list(tokens)
    while result and (result[0].kind in edge or result[0].is_cue(*CONNECTIVES)):
        result.pop(0)
    while result and (result[-1].kind in edge or result[-1].is_cue(*CONNECTIVES)):
        result.pop()
    return result


def _first(tokens: Sequence[Token], *cues: Cue) -> int | None:
    return next((n for n, t in enumerate(tokens) if t.is_cue(*cues)), None)


def _scope(tokens: list[Token], split: int) -> tuple[list[Token], list[Token], list[Token]]:
    """What stands before a cue, what it governs (to the end, or to the bracket it stands in), and what comes after."""
    depth = 0
    opened = None
    for n in range(split - 1, -1, -1):
        if tokens[n].kind is Kind.CLOSE:
            depth += 1
        elif tokens[n].kind is Kind.OPEN:
            if depth == 0:
                opened = n
                break
            depth -= 1
    if opened is None:
        return _trimmed(tokens[:split]), tokens[split + 1 :], []
    depth = 0
    closed = len(tokens)
    for n in range(opened, len(tokens)):
        if tokens[n].kind is Kind.OPEN:
            depth += 1
        elif tokens[n].kind is Kind.CLOSE:
            depth -= 1
            if depth == 0:
                closed = n
                break
    between = tokens[opened + 1 : split]
    after = tokens[closed + 1 :]
    return [*tokens[:opened], *between], tokens[split + 1 : closed], after


def _modifiers(head: Sequence[Token]) -> list[Token]:
    """The traits and times of a head that its examples share."""
    return [t for t in head if t.is_cue(Cue.TRAIT) or t.kind is Kind.TIME]


def _negation(tokens: Sequence[Token]) -> int | None:
    """Where a negation stands before something that it can negate."""
    for n, token in enumerate(tokens):
        rest = tokens[n + 1 :]
        if token.is_cue(Cue.NOT_AFTER):
            # "a negative pregnancy test": the same word denies what follows where nothing stands before it
            if any(t.kind is Kind.CONCEPT for t in rest) and not any(t.kind is Kind.CONCEPT for t in tokens[:n]):
                return n
        if token.is_cue(Cue.NOT_BEFORE):
            if any(t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.cue not in (None, Cue.GLUE) for t in rest):
                return n
    return None


def _negates_the_verb(part: Sequence[Token], position: int) -> bool:
    """Whether the negation stands between its subject and a bare verb, with nothing to deny behind it."""
    if part[position].text.lower() not in {
        "cannot",
        "can not",
        "not",
        "may not",
        "must not",
        "should not",
        "not be",
        "not received",
    }:
        return False
    before, after = part[:position], part[position + 1 :]
    if any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.TRAIT, Cue.JUDGEMENT) for t in after):
        return False
    words = [t for t in after if t.kind is Kind.WORD]
    return any(t.kind is Kind.CONCEPT for t in before) and len(words) <= 2 and any(t.kind is Kind.TIME for t in after)


def _stands_alone(part: Sequence[Token]) -> bool:
    """A part with a predicate of its own is out of reach of a negation before it."""
    return any(
        t.kind is Kind.COMPARISON or t.is_cue(Cue.REQUIRE, Cue.POSITIVE, Cue.NOT_AFTER, Cue.PERMIT) for t in part
    ) or any(t.is_cue(Cue.JUDGEMENT) and t.text.lower() in {"adequate", "able to", "willing"} for t in part)


def _without_asides(tokens: list[Token]) -> list[Token]:
    """Drop brackets that only repeat: abbreviations, synonyms, the name of a method. Keep the rest in line."""
    result: list[Token] = []
    n = 0
    while n < len(tokens):
        if tokens[n].kind is not Kind.OPEN:
            if tokens[n].kind is not Kind.CLOSE:
                result.append(tokens[n])
            n += 1
            continue
        close = next((m for m in range(n + 1, len(tokens)) if tokens[m].kind is Kind.CLOSE), len(tokens))
        inside = tokens[n + 1 : close]
        if not _is_aside(inside, result):
            result.extend(t for t in inside if t.kind is not Kind.OPEN)
        n = close + 1
    return result


def _is_aside(inside: Sequence[Token], before: Sequence[Token]) -> bool:
    last = next((t for t in reversed(before) if t.kind is Kind.CONCEPT), None)
    for token in inside:
        if token.kind is Kind.CONCEPT:
            if last is None or not _same_family(token, last):
                return False
        elif token.kind is Kind.WORD:
            if not (sum(c.isupper() for c in token.text) >= 2 or token.text.isupper() or token.text.isdigit() or len(token.text) == 1 or token.text[0] == "v"):
                return False
        elif token.kind in (Kind.COMPARISON, Kind.TIME) or token.cue in (
            Cue.TRAIT,
            Cue.RESTRICT,
            Cue.STATE,
            Cue.EXCEPT,
            Cue.IF,
            Cue.NOT_BEFORE,
            Cue.OTHER,
            Cue.JUDGEMENT,
        ):
            return False
    return True


def _same_family(one: Token, other: Token) -> bool:
    """Whether two concept tokens name the same thing, or one a kind of the other."""
    mine = {c for group in one.concepts for c in group}
    theirs = {c for group in other.concepts for c in group}
    if mine & theirs:
        return True
    house = knowledge()
    return any(
        a in house.ancestors(b) or b in house.ancestors(a)
        for a in mine
        for b in theirs
        if a in house.concepts and b in house.concepts
    )


def _grouped(tokens: list[Token]) -> list[Token]:
    """Join concepts of one kind that only connectives separate into one token: ``HIV, hepatitis B or C``.

    States of the cancer are joined in the same way: ``metastatic and/or unresectable``.
    """
    result: list[Token] = []
    for token in tokens:
        if token.kind is Kind.CONCEPT or token.is_cue(Cue.STATE):
            links: list[Token] = []
            while result and (
                result[-1].kind in (Kind.COMMA, Kind.SLASH)
                or result[-1].is_cue(*CONNECTIVES)
                or (links and _linkable(result[-1]))
            ):
                links.insert(0, result.pop())
            previous = result[-1] if result else None
            if (
                links
                and previous is not None
                and previous.kind is token.kind
                and previous.cue is token.cue
                and _family(previous) == _family(token) is not None
            ):
                result[-1] = _merged(previous, links, token)
                continue
            result.extend(links)
        result.append(token)
    return result


def _linkable(token: Token) -> bool:
    return token.is_cue(Cue.GLUE) and token.text.lower() in {
        "infection",
        "infections",
        "virus",
        "disease",
        "the",
        "a",
        "an",
        "antibody",
        "antibodies",
        "treatment",
        "therapy",
        "level",
        "levels",
        "cancer",
        "count",
        "serum",
        "chronic",
        "of",
        "human",
        "patients",
        "women",
        "any",
        "known",
    }


def _family(token: Token) -> str | None:
    if token.is_cue(Cue.STATE):
        return None if "measurable" in token.name else "state"
    kinds = {LISTED.get(kind_of(c)) for group in token.concepts for c in group}
    return next(iter(kinds)) if len(kinds) == 1 else None


def _merged(first: Token, links: list[Token], second: Token) -> Token:
    join = second.join or first.join
    for link in links:
        if link.is_cue(Cue.OR, Cue.AND_OR):
            join = "or" if join in ("", "or") else "mixed"
        elif link.is_cue(Cue.AND):
            join = "and" if join in ("", "and") else "mixed"
    text = f"{first.text} {second.text}"
    name = f"{first.name}|{second.name}" if second.name else first.name
    return replace(first, end=second.end, text=text, name=name, concepts=first.concepts + second.concepts, join=join)


def _parts(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Cut at connectives; a piece without a head of its own joins the piece it modifies."""
    pieces: list[list[Token]] = [[]]
    joins: list[str] = []
    kept_together = _scales(tokens)
    for n, token in enumerate(tokens):
        if token.kind is Kind.COMMA and n + 1 < len(tokens) and LEVEL_OF_IT.match(tokens[n + 1].text):
            continue  # "heart failure, NYHA class III": the class is the failure's own
        if n not in kept_together and (token.kind in (Kind.COMMA, Kind.SEMICOLON) or token.is_cue(*CONNECTIVES)):
            join = {Cue.AND: "and", Cue.OR: "or", Cue.AND_OR: "or"}.get(token.cue, "") if token.cue else ""
            if pieces[-1]:
                pieces.append([])
                joins.append(join)
            elif joins and join:
                joins[-1] = join
            continue
        pieces[-1].append(token)
    if not pieces[-1]:
        pieces.pop()
        joins = joins[: max(0, len(pieces) - 1)]
    return _with_heads(pieces, joins)


def _scales(tokens: Sequence[Token]) -> range:
    """The stretch from the first performance scale to the last limit: its connectives join scales, not clauses."""
    named = [n for n, t in enumerate(tokens) if t.kind is Kind.CONCEPT and _family(t) == "scale"]
    limits = [n for n, t in enumerate(tokens) if t.kind is Kind.COMPARISON]
    if not named or not limits or limits[-1] < named[0]:
        return range(0)
    between = tokens[named[0] : max(limits[-1], named[-1]) + 1]
    if any(t.kind is Kind.CONCEPT and _family(t) not in ("scale", "lab") for t in between) or any(
        t.is_cue(Cue.NOT_BEFORE, Cue.STATE) for t in between
    ):
        return range(0)
    return range(named[0], max(limits[-1], named[-1]) + 1)


def _has_head(piece: Sequence[Token]) -> bool:
    return any(
        t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.JUDGEMENT) for t in piece
    )


def _with_heads(pieces: list[list[Token]], joins: list[str]) -> tuple[list[list[Token]], list[str]]:
    result: list[list[Token]] = []
    kept: list[str] = []
    waiting: list[Token] = []
    for n, piece in enumerate(pieces):
        if _has_head(piece):
            if result:
                kept.append(joins[n - 1] if n - 1 < len(joins) else "")
            result.append([*waiting, *piece])
            waiting = []
        elif n + 1 < len(pieces) and not (result and any(t.kind is Kind.TIME for t in piece)):
            waiting += piece
        elif result:
            result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        else:
            result.append([*waiting, *piece])
            waiting = []
    if waiting and result:
        result[-1] = [*result[-1], *waiting]
    elif waiting:
        result.append(waiting)
    return result, kept

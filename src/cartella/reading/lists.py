"""Lists: which members belong together, what each takes from its neighbours, and where a list falls into clauses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from cartella.knowledge import OTHER, knowledge
from cartella.reading.cues import Cue
from cartella.reading.passing import is_percent, with_method
from cartella.reading.phrases import CONNECTIVES, family
from cartella.reading.tokens import Kind, Token

TELLS_MORE = frozenset({"requiring", "requires", "required", "resulting", "necessitating", "needing", "require"})
RELATIVE = frozenset({"which", "that"})
CAUSES = frozenset({"from", "due to", "because of", "caused by", "secondary to", "related to"})
THOUGHT = tuple([word] for word in ("believed", "thought", "felt", "considered", "attributed", "attributable", "known"))
LEVEL_OF_IT = re.compile(r"(?:nyha|class|grade|new\s+york|child)\b", re.I)


def grouped(tokens: list[Token]) -> list[Token]:
    """Join concepts of one kind that only connectives separate into one token: ``HIV, hepatitis B or C``.

    States of the cancer are joined in the same way: ``metastatic and/or unresectable``.
    """
    result: list[Token] = []
    tokens = _compounds(tokens)
    for n, token in enumerate(tokens):
        timed = token.is_cue(Cue.STATE) and any(t.kind is Kind.TIME for t in tokens[n + 1 : n + 2])
        if (token.kind is Kind.CONCEPT or token.is_cue(Cue.STATE)) and not timed:
            links: list[Token] = []
            while result and (
                result[-1].kind in (Kind.COMMA, Kind.SLASH)
                or result[-1].is_cue(*CONNECTIVES)
                or (not links and _is_other(result, token))
                or (links and _linkable(result[-1]))
            ):
                links.insert(0, result.pop())
            previous = result[-1] if result else None
            if (
                links
                and previous is not None
                and previous.kind is token.kind
                and previous.cue is token.cue
                and family(previous) == family(token) is not None
            ):
                result[-1] = _merged(previous, links, token)
                continue
            result.extend(links)
        result.append(token)
    return result


NEEDS = frozenset("need needs require requires needing requiring".split())


def _joined_to_what_it_needs(tokens: Sequence[Token]) -> list[Token]:
    """``GVHD and need to use immunosuppressants``: one thing, the illness that needs them."""
    return [
        token
        for n, token in enumerate(tokens)
        if not (
            token.is_cue(Cue.AND)
            and n + 1 < len(tokens)
            and tokens[n + 1].text.lower().split()[0] in NEEDS
            and n > 0
            and _names_an_illness(tokens[:n])
        )
    ]


def with_needs(tokens: Sequence[Token]) -> list[Token]:
    """``autoimmune disease requiring steroids and/or other immunosuppressive therapy``: the list is of what one needs.

    Its members become one: they say together how the illness is treated, and exclude nobody who has another illness.
    """
    tokens = _joined_to_what_it_needs(tokens)
    result: list[Token] = []
    n = 0
    while n < len(tokens):
        end = _end_of_needs(tokens, n + 1) if _opens_needs(tokens[n]) and _names_an_illness(result) else n + 1
        members = [t for t in tokens[n + 1 : end] if family(t) == "therapy"]
        if len(members) < 2:
            result.append(tokens[n])
            n += 1
            continue
        result.append(tokens[n])
        concepts = tuple(group for t in members for group in t.concepts)
        text = " ".join(t.text for t in tokens[n + 1 : end])
        result.append(replace(members[0], end=members[-1].end, text=text, concepts=concepts, join="or"))
        n = end
    return result


def _opens_needs(token: Token) -> bool:
    word = token.text.lower()
    return word in TELLS_MORE or (token.is_cue(Cue.TRAIT) and word.startswith(("requir", "need")))


def _names_an_illness(before: Sequence[Token]) -> bool:
    return any(family(t) == "cond" for t in takewhile(lambda t: t.kind is not Kind.SEMICOLON, reversed(before)))


def _end_of_needs(tokens: Sequence[Token], start: int) -> int:
    """The end of the run of treatments that begins at `start`: behind the last of them."""
    end = start
    for n in range(start, len(tokens)):
        token = tokens[n]
        if family(token) == "therapy":
            end = n + 1
        elif not (
            token.kind in (Kind.COMMA, Kind.SLASH)
            or token.is_cue(*CONNECTIVES, Cue.OTHER, Cue.GLUE, Cue.RESTRICT)
            or token.text.lower() in {"systemic", "chronic", "ongoing", "daily"}
        ):
            break
    return end


def _compounds(tokens: list[Token]) -> list[Token]:
    """``radiotherapy, platinum chemotherapy``: two names of one member of a list stay one member.

    What is meant is what bears both names: the narrower of the two where one is a kind of the other; else the member is
    settled only where both agree.
    """
    house = knowledge()
    result: list[Token] = []
    for n, token in enumerate(tokens):
        last = result[-1] if result else None
        if (
            last is not None
            and last.kind is token.kind is Kind.CONCEPT
            and family(last) == family(token) == "therapy"
            and len(last.concepts) == len(token.concepts) == 1
            and OTHER not in last.concepts[0] + token.concepts[0]
            and (_in_list(tokens[: n - 1][::-1]) or _in_list(tokens[n + 1 :]))
        ):
            both = last.concepts[0] + token.concepts[0]
            narrow = tuple(c for c in both if not any(o != c and c in house.ancestors(o) for o in both))
            result[-1] = replace(last, end=token.end, text=f"{last.text} {token.text}", concepts=(narrow,))
            continue
        result.append(token)
    return result


def _is_other(before: Sequence[Token], token: Token) -> bool:
    """``steroids or other immunosuppressants``: "other" says only that the list goes on."""
    return (
        family(token) == "therapy"
        and before[-1].is_cue(Cue.OTHER)
        and "other" in before[-1].text.lower()
        and before[-2:-1] != []
        and before[-2].is_cue(*CONNECTIVES)
    )


def _in_list(tokens: Sequence[Token]) -> bool:
    """Whether what comes next is another member of a list of treatments."""
    links = list(takewhile(lambda t: t.kind in (Kind.COMMA, Kind.SLASH) or t.is_cue(*CONNECTIVES), tokens))
    following = tokens[len(links)] if len(tokens) > len(links) else None
    return bool(links) and following is not None and family(following) == "therapy"


def _linkable(token: Token) -> bool:
    if token.concepts == (("cond:infection",),):
        return True
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


def parts_of(tokens: list[Token]) -> tuple[list[list[Token]], list[str]]:
    """Cut at connectives; a piece without a head of its own joins the piece it modifies."""
    pieces: list[list[Token]] = [[]]
    joins: list[str] = []
    kept_together = _scales(tokens)
    for n, token in enumerate(tokens):
        if token.kind is Kind.COLON and any(t.is_cue(Cue.NOT_BEFORE) for t in pieces[-1]) and _limited(tokens[n + 1 :]):
            # "no transfusion within 3 days: haemoglobin at least 80": what is denied ends at the colon
            pieces.append([])
            joins.append("and")
            continue
        following = tokens[n + 1].text.lower() if n + 1 < len(tokens) else ""
        if token.kind is Kind.COMMA and LEVEL_OF_IT.match(following):
            continue  # "heart failure, NYHA class III": the class is the failure's own
        if token.kind is Kind.COMMA and following in RELATIVE and any(family(t) == "cond" for t in pieces[-1]):
            continue  # "a psychiatric condition, which in the opinion of ...": said of what stands before it
        if (
            token.kind is Kind.COMMA
            and following == "not"
            and [t.text.lower() for t in tokens[n + 2 : n + 3]] in THOUGHT
            and any(family(t) == "cond" for t in pieces[-1])
        ):
            continue  # "syncope, not believed to be vasovagal": said of what stands before it
        if token.is_cue(Cue.OR) and following in CAUSES and any(family(t) == "cond" for t in pieces[-1]):
            continue  # "neuropathy from treatment or from the tumour": one illness, two causes
        if (
            token.is_cue(Cue.OR)
            and CAUSE.search(" ".join(t.text for t in pieces[-1]))
            and _only_states(tokens[n + 1 :])
        ):
            continue  # "stopped due to toxicity or progression": two causes of one thing
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
    pieces, joins = _without_bare_methods(pieces, joins)
    return _with_heads(*_with_antigens(pieces, joins))


METHOD = re.compile(
    r"^\W*(?:(?:by|using|by\s+using|with|on|of|or|and|the|a|an|any|either|standard|local|clinical|organi[sz]ation|tissue|tumou?r"
    r"|flow\s+cytomet\w+|cytomet\w+|FCM|FACS|IHC|ICC|immuno-?histo-?chem\w+|immuno-?cyto-?chem\w+|histo-?patholog\w+"
    r"|patholog\w+|histolog\w+|cytolog\w+|morpholog\w+|PCR|RT-?PCR|q?RT-?q?PCR|ISH|F?ISH|NGS|sequencing|biops(?:y|ies)"
    r"|bone\s+marrow|marrow|samples?|specimens?|inspections?|examinations?|tests?|assays?|analys[ei]s|methods?|staining"
    r"|chemistry|detected|confirmed|documented|determined|assessed)\b[\s/-]*)+\W*$",
    re.I,
)


def _without_bare_methods(pieces: list[list[Token]], joins: list[str]) -> tuple[list[list[Token]], list[str]]:
    """``by flow cytometry or immunohistochemistry, CD22 positive``: how a thing is known is nothing of its own."""
    names = [any(family(t) in ("antigen", "disease") for t in piece) for piece in pieces]
    bare = [
        bool(METHOD.match(" ".join(t.text for t in piece)))
        and not any(t.kind in (Kind.CONCEPT, Kind.COMPARISON, Kind.TIME) for t in piece)
        for piece in pieces
    ]
    if not any(names) or not any(bare):
        return pieces, joins
    kept = [n for n in range(len(pieces)) if not bare[n]]
    return [pieces[n] for n in kept], [joins[n - 1] for n in kept[1:]]


def _with_antigens(pieces: list[list[Token]], joins: list[str]) -> tuple[list[list[Token]], list[str]]:
    """``CD19 on > 15 % of cells by one method or > 30 % by another``: the second limit is for the same antigen.

    A percentage of which no method is known must keep the higher of the limits.
    """
    result: list[list[Token]] = []
    kept: list[str] = []
    for n, piece in enumerate(pieces):
        before = result[-1] if result else []
        limit, other = _percent(piece), _percent(before)
        join = joins[n - 1] if n else ""
        if limit is None or other is None or join != "or" or any(t.kind is Kind.CONCEPT for t in piece):
            result.append(piece)
            kept.extend([join] if n else [])
            continue
        antigens = [t for t in before if family(t) == "antigen"]
        result[-1] = with_method(before)
        higher = max((limit, other), key=lambda t: t.comparison.value if t.comparison else 0)
        result += [[*antigens, *with_method(piece)], [*antigens, replace(higher, name="")]]
        kept += ["or", "or"]
    return result, kept


def _percent(piece: Sequence[Token]) -> Token | None:
    return next((t for t in piece if is_percent(t)), None)


CAUSE = re.compile(r"\b(?:due\s+to|because\s+of|owing\s+to|on\s+account\s+of)\b", re.I)


def _limited(rest: Sequence[Token]) -> bool:
    """Whether the next part is a measured value with its limit."""
    piece = list(takewhile(lambda t: t.kind not in (Kind.COMMA, Kind.SEMICOLON) and not t.is_cue(*CONNECTIVES), rest))
    return any(family(t) == "lab" for t in piece) and any(t.kind is Kind.COMPARISON for t in piece)


def _only_states(rest: Sequence[Token]) -> bool:
    """Nothing but a state of the illness comes up to the next cut."""
    piece = list(takewhile(lambda t: t.kind not in (Kind.COMMA, Kind.SEMICOLON) and not t.is_cue(*CONNECTIVES), rest))
    return any(t.is_cue(Cue.STATE) for t in piece) and not any(t.kind in (Kind.CONCEPT, Kind.COMPARISON) for t in piece)


def _scales(tokens: Sequence[Token]) -> range:
    """The stretch from the first performance scale to the last limit: its connectives join scales, not clauses."""
    named = [n for n, t in enumerate(tokens) if t.kind is Kind.CONCEPT and family(t) == "scale"]
    limits = [n for n, t in enumerate(tokens) if t.kind is Kind.COMPARISON]
    if not named or not limits or limits[-1] < named[0]:
        return range(0)
    between = tokens[named[0] : max(limits[-1], named[-1]) + 1]
    if any(t.kind is Kind.CONCEPT and family(t) not in ("scale", "lab") for t in between) or any(
        t.is_cue(Cue.NOT_BEFORE, Cue.STATE) for t in between
    ):
        return range(0)
    return range(named[0], max(limits[-1], named[-1]) + 1)


def _has_head(piece: Sequence[Token]) -> bool:
    return any(
        t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) or t.is_cue(Cue.STATE, Cue.JUDGEMENT) for t in piece
    )


def _is_state_of(piece: Sequence[Token], before: Sequence[Token]) -> bool:
    """``another malignancy that is active and/or progressive``: states behind another illness are its own."""
    general = {"class:treatment", "class:systemic_therapy", "class:anticancer_agent"}
    told = [t for t in piece if not any(c in general for g in t.concepts for c in g)]
    if any(t.kind in (Kind.CONCEPT, Kind.WORD, Kind.COMPARISON) for t in told) or not any(
        t.is_cue(Cue.STATE) for t in piece
    ):
        return False
    return any("cond:second_malignancy" in group for t in before for group in t.concepts)


NOUNS = frozenset("disease diseases condition conditions disorder disorders illness illnesses".split())
DETERMINERS = frozenset({"any", "other", "another"})


def _with_noun(piece: list[Token], *, later: bool) -> list[Token]:
    """``or any unstable disease``: another thing, of which no more is known than that it is one."""
    if _has_head(piece) or piece[-1].text.lower() not in NOUNS:
        return piece
    if piece[0].text.lower() not in DETERMINERS and not (later and any(t.is_cue(Cue.TRAIT) for t in piece)):
        return piece
    return [*piece[:-1], replace(piece[-1], kind=Kind.WORD, cue=None)]


def _with_heads(pieces: list[list[Token]], joins: list[str]) -> tuple[list[list[Token]], list[str]]:
    result: list[list[Token]] = []
    kept: list[str] = []
    waiting: list[Token] = []
    for n, bare in enumerate(pieces):
        piece = _with_noun(bare, later=bool(result))
        if result and piece[0].text.lower().split()[0] in TELLS_MORE and not any(family(t) == "cond" for t in piece):
            # "autoimmune disease resulting in or requiring immunosuppression": still the same illness
            traits = [t for t in result[-1] if t.is_cue(Cue.TRAIT)]
            if traits and joins[n - 1 : n] == ["or"]:
                # "an infection that is uncontrolled or requiring antibiotics": one or the other
                kept.append("or")
                result.append([*(t for t in result[-1] if t not in traits), *waiting, *piece])
            else:
                result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        elif result and _is_state_of(piece, result[-1]):
            result[-1] = [*result[-1], *waiting, *piece]
            waiting = []
        elif _has_head(piece):
            if result:
                kept.append(joins[n - 1] if n - 1 < len(joins) else "")
            result.append(_with_choice(waiting, piece) if joins[n - 1 : n] == ["or"] else [*waiting, *piece])
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


def _with_choice(waiting: Sequence[Token], piece: Sequence[Token]) -> list[Token]:
    """``active or uncontrolled infections``: either trait will do; the second token stands for both."""
    head = next((n for n, t in enumerate(piece) if t.kind is Kind.CONCEPT), 0)
    second = next((n for n in range(head) if piece[n].is_cue(Cue.TRAIT)), None)
    first = [t for t in waiting if t.is_cue(Cue.TRAIT)]
    if second is None or len(first) != 1:
        return [*waiting, *piece]
    both = replace(piece[second], name=f"{first[0].name}|{piece[second].name}")
    rest = [t for t in waiting if t is not first[0]]
    return [*rest, *piece[:second], both, *piece[second + 1 :]]


def with_shared_times(parts: list[list[Token]]) -> list[list[Token]]:
    """A time that stands once, before or behind a list, belongs to every part of the list that has none.

    Behind a list of illnesses it may belong to the last alone, so there it is shared with doubt.
    """
    last_dose = next((n for n, part in enumerate(parts) if n and _is_last_dose(part)), None)
    if last_dose is not None:
        time = next(t for t in parts[last_dose] if t.kind is Kind.TIME)
        before = [p if any(t.kind is Kind.TIME for t in p) else [*p, time] for p in parts[:last_dose]]
        return [*before, *parts[last_dose + 1 :]]
    parts = _carried_on(parts)
    timed = [n for n, part in enumerate(parts) if any(t.kind is Kind.TIME for t in part)]
    if len(parts) < 2 or len(timed) != 1 or timed[0] not in (0, len(parts) - 1):
        return parts
    home = parts[timed[0]]
    at = next(n for n, t in enumerate(home) if t.kind is Kind.TIME)
    concepts = [n for n, t in enumerate(home) if t.kind is Kind.CONCEPT]
    leads = timed[0] == 0 and bool(concepts) and at < concepts[0]
    trails = timed[0] == len(parts) - 1 and (not concepts or at > concepts[-1])
    if not (leads or trails):
        return parts
    result = []
    for n, part in enumerate(parts):
        families = {family(t) for t in part if t.kind is Kind.CONCEPT}
        plain = not any(t.kind is Kind.COMPARISON or t.is_cue(Cue.STATE) for t in part)
        if n != timed[0] and families and families <= {"therapy", "cond"} and plain:
            doubtful = trails and "cond" in families
            result.append([*part, replace(home[at], name="doubtful" if doubtful else "shared")])
        else:
            result.append(part)
    return result


def _carried_on(parts: list[list[Token]]) -> list[list[Token]]:
    """``less than 2 weeks since A, B or C, and less than 3 weeks since D``: a leading time lasts until the next."""
    leading: Token | None = None
    result = []
    for part in parts:
        at = next((n for n, t in enumerate(part) if t.kind is Kind.TIME), None)
        first = next((n for n, t in enumerate(part) if t.kind is Kind.CONCEPT), len(part))
        if at is not None:
            leading = part[at] if at < first else None
        elif leading is not None and any(family(t) == "therapy" for t in part):
            part = [*part, replace(leading, name="shared")]
        result.append(part)
    return result if len(parts) > 1 else parts


LAST_DOSE = frozenset({"where", "last", "dose", "administered", "given", "occurred", "completed", "ended"})


def _is_last_dose(part: Sequence[Token]) -> bool:
    """``where the last dose was given within 28 days``: only a time."""
    return any(t.kind is Kind.TIME for t in part) and all(
        t.kind is Kind.TIME or t.cue is not None or t.text.lower() in LAST_DOSE for t in part
    )

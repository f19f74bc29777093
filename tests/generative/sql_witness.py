"""A third engine: expressions as SQL. SQL's own *and*, *or* and *not* are Kleene's; NULL is unknown.

Counts are left out, and windows are of whole days. Nothing here is shared with the other engines but the expressions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from cartella.logic import (
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
    PatientFacts,
    Period,
    PeriodUnit,
    Presence,
    Window,
)

SCHEMA = """
create table patient (id integer primary key);
create table measure (patient, quantity, low, high);
create table coding (patient, variable, code);
create table event (id integer primary key, patient, low, high);
create table event_concept (event, concept, certain);
create table event_trait (event, trait, value);
create table absence (patient, concept);
create table complete (patient, register);
create table told (patient, concept);
"""
DAYS = {PeriodUnit.DAY: 1, PeriodUnit.WEEK: 7}


class Witness:
    """The facts of some patients in tables."""

    def __init__(self, patients: Sequence[PatientFacts]) -> None:
        self.day = patients[0].reference_day
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(SCHEMA)
        self.events = 0
        for number, facts in enumerate(patients):
            self._store(number, facts)

    def truths(self, expression: Expression) -> list[bool | None]:
        """True, False or None (unknown) for each patient."""
        rows = self.database.execute(f"select {self.sql(expression)} from patient p order by id").fetchall()
        return [None if value is None else bool(value) for (value,) in rows]

    def _store(self, number: int, facts: PatientFacts) -> None:
        put = self.database.execute
        put("insert into patient values (?)", (number,))
        for name, measure in facts.measures.items():
            if not measure.stale:
                put("insert into measure values (?, ?, ?, ?)", (number, name, measure.value.low, measure.value.high))
        for name, coding in facts.codings.items():
            for code in () if coding.stale else coding.possible:
                put("insert into coding values (?, ?, ?)", (number, name, code))
        for event in facts.events:
            self.events += 1
            put("insert into event values (?, ?, ?, ?)", (self.events, number, event.last.low, event.last.high))
            for concept in event.concepts | event.may_be:
                put("insert into event_concept values (?, ?, ?)", (self.events, concept, concept in event.concepts))
            for trait, value in event.traits.items():
                put("insert into event_trait values (?, ?, ?)", (self.events, trait, value))
        for absence in facts.absences:
            for concept in absence.concepts:
                put("insert into absence values (?, ?)", (number, concept))
        for register in facts.complete:
            put("insert into complete values (?, ?)", (number, register))
        for concept in facts.told:
            put("insert into told values (?, ?)", (number, concept))

    def sql(self, node: Expression) -> str:
        """The expression as an SQL expression over the patient `p`."""
        match node:
            case Opaque():
                return "null"
            case Not(item=item):
                return f"(not {self.sql(item)})"
            case And(items=items):
                return f"({' and '.join(map(self.sql, items)) or '1'})"
            case Or(items=items):
                return f"({' or '.join(map(self.sql, items)) or '0'})"
            case If(condition=condition, then=then):
                return f"(not {self.sql(condition)} or {self.sql(then)})"
            case AtLeast(count=count, items=items):
                certain = "+".join(f"coalesce({self.sql(i)}, 0)" for i in items) or "0"
                possible = "+".join(f"coalesce({self.sql(i)}, 1)" for i in items) or "0"
                return f"(case when {certain} >= {count} then 1 when {possible} < {count} then 0 end)"
            case Number(quantity=quantity, operator=operator, bound=bound):
                certain, impossible = _certain(operator, bound), _impossible(operator, bound)
                return (
                    f"(select case when {certain} then 1 when {impossible} then 0 end "
                    f"from measure m where m.patient = p.id and m.quantity = '{quantity}')"
                )
            case Code(variable=variable, codes=codes):
                listed = ", ".join(f"'{code}'" for code in codes)
                return (
                    f"(select case min(code in ({listed})) + max(code in ({listed})) when 2 then 1 when 0 then 0 end "
                    f"from coding c where c.patient = p.id and c.variable = '{variable}')"
                )
            case Presence():
                return self._presence(node)
            case Count():
                raise ValueError("counts are left out")

    def _presence(self, node: Presence) -> str:
        denied = f"exists (select 1 from absence a where a.patient = p.id and a.concept = '{node.concept}')"
        told = f"exists (select 1 from told t where t.patient = p.id and t.concept = '{node.concept}')"
        complete = f"exists (select 1 from complete k where k.patient = p.id and k.register = '{node.register}')"
        speaks = [f"(case when ec.certain then 1 when {denied} then 0 end)"]
        if node.window is not None:
            speaks.append(self._window(node.window))
        for trait in node.traits:
            value = f"(select value from event_trait et where et.event = e.id and et.trait = '{trait.lstrip('!')}')"
            speaks.append(f"(not {value})" if trait.startswith("!") else value)
        each = " and ".join(speaks)
        events = (
            "event e join event_concept ec on ec.event = e.id "
            f"where e.patient = p.id and ec.concept = '{node.concept}' and ({each})"
        )
        return (
            f"(case when exists (select 1 from {events} is true) then 1 "
            f"when exists (select 1 from {events} is null) then null "
            f"when {denied} or {told} or {complete} then 0 end)"
        )

    def _window(self, window: Window) -> str:
        least = f"(case when e.high is null then 0 else max(0, {self.day} - e.high) end)"
        most = f"(case when e.low is null then 1000000000 else max(0, {self.day} - e.low) end)"
        earliest = _days(window.at_least) + (window.at_least_strict and window.at_least is not None)
        latest = 10**8 if window.at_most is None else _days(window.at_most) - window.at_most_strict
        return (
            f"(case when {most} < {earliest} or {least} > {latest} or {latest} < {earliest} then 0 "
            f"when {least} >= {earliest} and {most} <= {latest if window.at_most else 2 * 10**9} then 1 end)"
        )


def _days(period: Period | None) -> int:
    return 0 if period is None else period.amount * DAYS[period.unit]


def _certain(operator: Operator, bound: int) -> str:
    side = {"<": "high", "<=": "high", ">": "low", ">=": "low"}
    if operator is Operator.EQUAL:
        return f"(low = {bound} and high = {bound})"
    return f"{side[operator.value]} {operator.value} {bound}"


def _impossible(operator: Operator, bound: int) -> str:
    opposite = {"<": ("low", ">="), "<=": ("low", ">"), ">": ("high", "<="), ">=": ("high", "<")}
    if operator is Operator.EQUAL:
        return f"(low > {bound} or high < {bound})"
    side, sign = opposite[operator.value]
    return f"{side} {sign} {bound}"

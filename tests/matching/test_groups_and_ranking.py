"""The three groups and the order of the answer."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartella.matching import DEFAULT_ORDER, Group, RankKey, Standing, Tally, group_of, ranked

few = st.integers(0, 3)
tallies = st.builds(Tally, few, few, few, st.none() | few)
standings = st.builds(Standing, st.uuids().map(str), tallies, st.none() | few, st.none() | few, st.booleans())
many = st.lists(standings, unique_by=lambda s: s.identifier, max_size=12)
orders = st.permutations(DEFAULT_ORDER).flatmap(lambda keys: st.integers(0, 4).map(lambda n: tuple(keys[:n])))


@pytest.mark.parametrize(
    ("count", "group"),
    [
        (Tally(3, 0, 0), Group.NO_OBSTACLE),
        (Tally(3, 0, 1), Group.MISSING_INFORMATION),
        (Tally(3, 1, 0), Group.CONFLICT),
        (Tally(0, 1, 9, None), Group.CONFLICT),
        (Tally(3, 0, 0, 1), Group.MISSING_INFORMATION),
        (Tally(3, 0, 0, None), Group.MISSING_INFORMATION),
    ],
)
def test_group(count: Tally, group: Group) -> None:
    assert group_of(count) is group


@given(tallies)
def test_a_study_with_anything_open_never_comes_out_clean(count: Tally) -> None:
    clean = group_of(count) is Group.NO_OBSTACLE
    assert clean == (count.conflicts == 0 and count.unknowns == 0 and count.unread == 0)


@given(many, orders, st.randoms(use_true_random=False))
def test_order_does_not_depend_on_the_order_of_the_input(
    items: list[Standing], order: tuple[RankKey, ...], chance: random.Random
) -> None:
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert ranked([(s, None) for s in items], order) == ranked([(s, None) for s in shuffled], order)


@given(many, orders)
def test_order_is_total_and_keeps_groups_together(items: list[Standing], order: tuple[RankKey, ...]) -> None:
    answer = [standing for standing, _ in ranked([(s, None) for s in items], order)]
    assert {s.identifier for s in answer} == {s.identifier for s in items}
    places = [list(Group).index(s.group) for s in answer]
    assert places == sorted(places)


@given(many, st.sampled_from(RankKey))
def test_first_key_decides_within_a_group_and_unknown_terms_come_last(items: list[Standing], key: RankKey) -> None:
    answer = [standing for standing, _ in ranked([(s, None) for s in items], (key,))]
    for one, other in pairwise(answer):
        if one.group is other.group:
            first, second = one.term(key), other.term(key)
            assert second is None or (first is not None and first <= second)


def test_default_order_is_conflicts_disease_unknowns_distance_freshness() -> None:
    studies = [
        Standing("its disease", Tally(1, 0, 7), 950, 900, names_disease=True),
        Standing("far", Tally(1, 0, 2), 900, 1),
        Standing("near", Tally(1, 0, 2), 10, 400),
        Standing("stale", Tally(1, 0, 2), 10, 800),
        Standing("no text", Tally(1, 0, 0, None), 1, 1),
        Standing("two conflicts", Tally(9, 2, 0), 1, 1),
        Standing("one conflict", Tally(0, 1, 9), 999, 999),
        Standing("clean", Tally(1, 0, 0), None, None),
    ]
    answer = [standing.identifier for standing, _ in ranked([(s, None) for s in studies])]
    assert answer == ["clean", "its disease", "near", "stale", "far", "no text", "one conflict", "two conflicts"]

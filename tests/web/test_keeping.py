"""What is kept of a person: only as long as said, and readable to nobody else."""

from __future__ import annotations

import pytest

from cartella.web.keeping import IDLE_SECONDS, MOST_RECORDS, Records, Sealer, TooMuchError


def test_answers_come_back_as_they_were_and_another_key_opens_nothing() -> None:
    answers = {"disease": "disease:FL", "age": 71, "medicines": "R-CHOP, lenalidomide", "illnesses": {"hiv": "no"}}
    sealed = Sealer("one key").seal(answers)
    assert "disease" not in sealed and "lenalidomide" not in sealed
    assert Sealer("one key").open(sealed) == answers
    assert Sealer("another").open(sealed) is None
    assert Sealer().open(sealed) is None
    assert Sealer("one key").open(sealed[:-4] + "AAAA") is None
    assert Sealer("one key").open("") is None


def test_what_a_cookie_cannot_hold_is_refused() -> None:
    import secrets

    with pytest.raises(TooMuchError):
        Sealer().seal({"medicines": secrets.token_hex(4_000)})


def test_a_record_is_forgotten_when_it_was_not_used_for_a_while() -> None:
    now = 0.0
    records: Records[str] = Records(lambda: now)
    number = records.put("record")
    now = IDLE_SECONDS - 1
    assert records.get(number) == "record"
    now += IDLE_SECONDS - 1
    assert records.get(number) == "record", "use keeps it"
    now += IDLE_SECONDS + 1
    assert records.get(number) is None and len(records) == 0


def test_records_are_few_and_their_numbers_cannot_be_guessed() -> None:
    records: Records[int] = Records()
    numbers = [records.put(n) for n in range(MOST_RECORDS + 5)]
    assert len(records) == MOST_RECORDS and records.get(numbers[0]) is None
    assert len(set(numbers)) == len(numbers) and all(len(number) >= 32 for number in numbers)
    kept = numbers[-1]
    assert records.put(7, kept) == kept and records.get(kept) == 7
    assert records.put(8, "made-up-number") != "made-up-number"
    records.drop(kept)
    assert records.get(kept) is None and records.get(None) is None

"""Records that nobody means well with, against the page: always a plain word, never a crash, nothing told elsewhere."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from cartella.web import held
from cartella.web.keeping import Records

from .clinician_records import FHIR, SHORT, bring, correct, plain
from .invented_trials import Pages

SCRIPT = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 8)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


def observations(number: int) -> dict[str, Any]:
    entry = {"resource": {"resourceType": "Observation", "code": {"text": "platelets"}, "valueInteger": 100}}
    return {"resourceType": "Bundle", "entry": [FHIR["entry"][0], *[entry] * number]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "è vuoto"),
        (b"   \n", "è vuoto"),
        (b"[" * 200_000, "annidato troppo in profondità"),
        (b'{"a":' * 200_000, "annidato troppo in profondità"),
        (f"{BOMB}absent: *i\n".encode(), "alias YAML"),
        (gzip.compress(b"[" + b" " * 50_000_000), "supera 8 MB"),
        ("{città}".encode("latin-1"), "non è testo UTF-8"),
        (json.dumps(FHIR).encode("utf-16"), "non è testo UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "non è testo UTF-8"),
        (b'{"resourceType": "Bundle"', "non è JSON ben formato"),
        (b'{"trial": 1}', "né un documento FHIR, né un Phenopacket, né una cartella breve"),
        (b"just a sentence", "né un documento FHIR"),
        (json.dumps(observations(5_001)).encode(), "più di 5000 voci"),
        (json.dumps({**FHIR, "entry": [*FHIR["entry"], {"resource": {"resourceType": "Patient", "id": "2"}}]}).encode(),
         "contiene 2 pazienti"),
        (b"patient: {age: 1e400}", "è atteso un numero"),
        (b"hobbies: [chess]\npatient: {}", "non esiste una voce"),
    ],
    ids=str,
)  # fmt: skip
def test_a_plain_word_for_every_bad_file(site: Pages, content: bytes, said: str) -> None:
    answered = bring(site, content)
    assert answered.status_code == 422
    words = plain(answered.text)
    assert "La cartella non si può leggere" in words
    assert said in words
    assert 'name="file"' in answered.text


def test_more_than_the_largest_body_is_refused(site: Pages) -> None:
    answered = bring(site, b"{" + b" " * 10_000_000 + b"}")
    assert answered.status_code == 413
    assert "<h1>" in answered.text


def test_several_files_and_fields_are_refused(site: Pages) -> None:
    many = [("file", ("a", b"{}")) for _ in range(5)]
    assert site.client.post("/it/medici", files=many).status_code == 400
    assert site.client.post("/it/medici", data={f"f{n}": "x" for n in range(50)}).status_code in (400, 422)
    assert correct(site, **{f"f{n}": "x" for n in range(50)}).status_code in (400, 404)


def evil() -> dict[str, Any]:
    resources: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": SCRIPT, "gender": "female", "birthDate": "1970-01-01",
         "address": [{"city": SCRIPT, "country": SCRIPT}]},
        {"resourceType": "Condition", "code": {"text": f"Follicular lymphoma {SCRIPT}"}},
        {"resourceType": "Condition", "code": {"text": f"{SCRIPT}\u202egnihton\u0000\u0007\ud800 {{t}} {{{{ 7*7 }}}}"}},
        {"resourceType": "Observation", "code": {"text": "Platelets"}, "valueQuantity": {"value": 30, "unit": "10*9/L"},
         "note": [{"text": SCRIPT}]},
        {"resourceType": SCRIPT},
        {"resourceType": "MedicationStatement", "medicationCodeableConcept": {"text": SCRIPT}},
    ]  # fmt: skip
    return {"resourceType": "Bundle", "entry": [{"resource": resource} for resource in resources]}


@pytest.mark.parametrize("lang", ["it", "en"])
def test_nothing_of_a_record_runs_or_turns_the_page(site: Pages, lang: str) -> None:
    start = "/it/medici" if lang == "it" else "/en/clinicians"
    assert bring(site, evil(), start).status_code == 303
    for kind in held.KINDS:
        correct(site, action="add", kind=kind, name=f"{SCRIPT}{{x}}", value=SCRIPT)
    for page in ("record", "trials", "tests", "trials/NCT90000002", "trials.txt", "trials.csv", "trials.json"):
        path = f"/en/clinicians/{page}"
        answered = site.client.get(path)
        assert answered.status_code == 200, path
        if "html" in answered.headers["content-type"]:
            assert "<script>alert" not in answered.text
            assert "<img" not in answered.text
            assert "\u202e" not in answered.text
            assert "\x00" not in answered.text
    shown = site.text("/en/clinicians/record")
    assert "&lt;script&gt;alert(1)" in shown
    assert "{{ 7*7 }}" in shown


def test_odd_texts_are_given_back_escaped(site: Pages) -> None:
    answered = site.client.post("/it/medici", data={"text": f"hobbies: '{SCRIPT}'\n</textarea><b>"})
    assert answered.status_code == 422
    assert "</textarea><b>" not in answered.text
    assert "<script>alert" not in answered.text


def test_the_errors_quote_no_value(site: Pages) -> None:
    for text in (
        "patient: {birth_date: secret-day}",
        "laboratory: {date: secret-day, platelets: 3}",
        "lines: secret-day",
    ):
        answered = bring(site, text)
        assert answered.status_code == 422
        assert "secret-day" not in answered.text


def test_nothing_of_a_record_is_told_to_the_log(
    site: Pages, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_parts: object, **_named: object) -> None:
        raise KeyError("Segretissima")

    monkeypatch.setattr("cartella.services.read_patient", broken)
    answered = bring(site, FHIR)
    assert answered.status_code == 500
    assert "Segretissima" not in answered.text
    out, err = capfd.readouterr()
    assert out == ""
    assert err == "cartella: defect in a page (KeyError)\n"


def test_forms_from_elsewhere_are_refused(site: Pages) -> None:
    for path in ("/it/medici", "/it/medici/cartella", "/it/medici/cancella"):
        answered = site.client.post(path, data={"text": SHORT}, headers={"sec-fetch-site": "cross-site"})
        assert answered.status_code == 403


def test_a_guessed_number_opens_no_record(site: Pages) -> None:
    bring(site)
    for number in ("", "x", "../../etc/passwd", "a" * 3000, "0"):
        site.client.cookies.clear()
        site.client.cookies.set("cartella_record", number, "localhost.local")
        assert site.client.get("/it/medici/cartella").status_code == 404


def test_too_many_corrections_are_refused(site: Pages) -> None:
    bring(site)
    for number in range(61):
        answered = correct(site, action="add", kind="absent", name=f"thing {number}")
    assert answered.status_code == 422
    assert "al massimo 60" in plain(answered.text)


def test_records_take_so_much_memory_and_no_more() -> None:
    records: Records[str] = Records(most_bytes=100)
    first, second = records.put("a", size=60), records.put("b", size=30)
    assert records.get(first) == "a"
    third = records.put("c", size=50)
    assert [records.get(number) for number in (first, second, third)] == [None, None, "c"]
    assert records.get(records.put("large", size=1000)) == "large", "one record is always kept"

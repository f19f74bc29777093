"""What holds for every answer of the pages, and what is refused: on the real application, without a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cartella.services import Source
from cartella.web import Desk, create_app
from cartella.web.addresses import PATHS, address, language_of, preferred_language
from cartella.web.protection import HEADERS, POLICY

from .invented_trials import DAY, KEY


@pytest.fixture
def client(invented: Source) -> TestClient:
    return TestClient(create_app(Desk(lambda: invented, lambda: DAY, KEY)), follow_redirects=False)


@pytest.mark.parametrize("path", ["/", "/it/", "/en/answers", "/static/site.css", "/nothing", "/it/domande/nulla"])
def test_every_answer_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value, name
    assert "cache-control" in headers
    for part in ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
        assert part in POLICY
    assert "unsafe" not in POLICY and "http" not in POLICY


def test_pages_are_not_kept_and_static_files_are(client: TestClient) -> None:
    assert client.get("/it/risposte").headers["cache-control"] == "no-store"
    assert "max-age" in client.get("/static/site.css").headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"origin": "http://testserver"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://elsewhere.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/it/domande/eta", data={"age": "60"}, headers=headers)
    assert answer.status_code == status
    assert ("set-cookie" in answer.headers) == (status == 303)


def test_answers_never_stand_in_an_address_and_the_cookie_is_shut(client: TestClient) -> None:
    answer = client.post("/en/questions/place", data={"place": "Lecce"})
    assert answer.headers["location"] == "/en/questions/course"
    cookie = answer.headers["set-cookie"]
    assert "Lecce" not in cookie
    for part in ("HttpOnly", "SameSite=strict", "Path=/"):
        assert part.lower() in cookie.lower()
    assert "expires" not in cookie.lower() and "max-age" not in cookie.lower()


def test_over_https_the_cookie_stays_there(invented: Source) -> None:
    app = create_app(Desk(lambda: invented, lambda: DAY, KEY))
    secure = TestClient(app, base_url="https://testserver", follow_redirects=False)
    answer = secure.post("/it/domande/eta", data={"age": "60"})
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_body_that_is_too_large_is_refused_whatever_it_says_of_itself(client: TestClient) -> None:
    large = b"x" * (9 * 2**20)
    assert client.post("/it/risposte/file", content=large).status_code == 413

    def pieces() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 2**19

    answer = client.post(
        "/it/risposte/file", content=pieces(), headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in (400, 413)


def test_too_many_requests_are_told_so_and_others_go_on(invented: Source) -> None:
    app = create_app(Desk(lambda: invented, lambda: DAY, KEY), per_minute=5)
    client = TestClient(app, follow_redirects=False)
    statuses = [client.get("/it/").status_code for _ in range(8)]
    assert statuses[:5] == [200] * 5 and statuses[-1] == 429
    assert "troppe richieste" in client.get("/it/").text
    other = TestClient(app, client=("10.0.0.2", 1))
    assert other.get("/it/").status_code == 200


def test_a_defect_tells_its_kind_only(invented: Source, capfd: pytest.CaptureFixture[str]) -> None:
    desk = Desk(lambda: invented, lambda: DAY, KEY)

    def broken(*_: object) -> None:
        raise RuntimeError("Mario Rossi, HIV")

    desk.answers = broken  # type: ignore[assignment,method-assign]
    answer = TestClient(create_app(desk), raise_server_exceptions=False).get("/it/risposte")
    assert answer.status_code == 500 and "Rossi" not in answer.text
    assert answer.headers["content-security-policy"] == POLICY
    said = capfd.readouterr()
    assert "RuntimeError" in said.err and "Rossi" not in said.err + said.out


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b"[]",
        b'{"answers": 3}',
        b'{"answers": {"age": "<script>"}}',
        b'{"answers": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        json.dumps({"answers": {"disease": "disease:NOTHING", "lines": -4, "therapies": {"x": "yes"}}}).encode(),
        json.dumps({"answers": {"disease": ["a"], "illnesses": {"hiv": {"yes": 1}}, "markers": [1]}}).encode(),
    ],
)
def test_a_file_that_holds_something_else_does_no_harm(client: TestClient, raw: bytes) -> None:
    answer = client.post("/en/answers/file", files={"file": ("cartella.json", raw, "application/json")})
    assert answer.status_code in (303, 404)
    assert "<script>" not in answer.text
    if answer.status_code == 303:
        assert client.get("/en/answers").status_code == 200
        assert client.get("/en/results").status_code == 200


def test_an_old_or_foreign_cookie_is_said_plainly_and_the_new_answer_is_kept(client: TestClient) -> None:
    client.cookies.set("cartella_answers", "gAAAAA" + "A" * 80)
    assert "forgotten after two hours" in client.get("/en/answers").text
    assert client.post("/en/questions/age", data={"age": "44"}).status_code == 303
    assert "44 years" in client.get("/en/answers").text


@pytest.mark.parametrize("typed", ["-1", "121", "12.5", "sixty", "9" * 400, "６０", "1e3", "<b>"])
def test_an_age_that_cannot_be_is_asked_again(client: TestClient, typed: str) -> None:
    answer = client.post("/en/questions/age", data={"age": typed})
    assert answer.status_code == 422 and "from 0 to 120" in answer.text
    assert "<b>" not in answer.text


def test_every_page_has_an_address_of_its_own_in_each_language() -> None:
    for lang in ("it", "en"):
        paths = [paths[0 if lang == "it" else 1] for paths in PATHS.values()]
        assert len(set(paths)) == len(paths)
        assert all(language_of(path) == lang for path in paths)
    assert address("trial", "it", number="NCT9/..") == "/it/studi/NCT9%2F.."


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "it"),
        ("en", "en"),
        ("it-IT,en;q=0.8", "it"),
        ("fr,en;q=0.9,it;q=0.8", "en"),
        ("de;q=x,it;q=0.1", "it"),
        ("xx", "it"),
    ],
)
def test_the_language_is_that_of_the_browser(client: TestClient, header: str, lang: str) -> None:
    assert preferred_language(header) == lang
    assert client.get("/", headers={"accept-language": header}).headers["location"] == f"/{lang}/"

"""Errors as public API: the tree, the exit codes, the two languages; and the one clock."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from cartella import clock, errors
from cartella.errors import CartellaError, InputError, StoreError, Where, Words

CLASSES: list[type[CartellaError]] = [
    each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, CartellaError)
]
DRAWN = dict(re.findall(r"^\W*(\w+)\s+(\d+) {3}", errors.__doc__ or "", re.MULTILINE))


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    assert {name: int(code) for name, code in DRAWN.items()} == {each.__name__: each.exit_code for each in CLASSES}


def test_exit_codes_are_distinct_and_leave_room_for_the_others() -> None:
    direct: list[type[CartellaError]] = [CartellaError, *CartellaError.__subclasses__()]
    codes = [each.exit_code for each in direct]
    assert len(set(codes)) == len(codes)
    assert not {0, errors.PARTIAL, errors.INTERRUPTED} & set(codes)


def test_the_reference_page_names_every_error_with_its_code(repository: Path) -> None:
    page = (repository / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| `(\w+)`", page, re.MULTILINE))
    listed = {name: int(code) for code, name in rows.items()}
    assert listed == {each.__name__: each.exit_code for each in CLASSES if each.__name__ != "StoreBusyError"}
    assert f"| {errors.PARTIAL} |" in page and f"| {errors.INTERRUPTED} |" in page


def test_an_error_is_rendered_whole_in_both_languages() -> None:
    error = StoreError(
        Words("What.", "Che cosa."),
        where=Where("a.json", line=3, item=2, offset=17, field="x.y"),
        why=Words("Why.", "Perché."),
        next_step=Words("Step.", "Passo."),
    )
    assert error.render("en") == (
        "What.\nWhere: a.json, line 3, item 2, byte 17, field x.y\nWhy: Why.\nWhat to do: Step."
    )
    assert error.render("it") == (
        "Che cosa.\nDove: a.json, riga 3, elemento 2, byte 17, campo x.y\nPerché: Perché.\nChe cosa fare: Passo."
    )
    assert str(error) == error.render("en")


def test_parts_that_are_not_there_leave_no_line() -> None:
    assert InputError(Words("What.", "Che cosa."), where=Where()).render("it") == "Che cosa."
    assert Where("-").in_language("it") == "ingresso standard"


def test_every_message_in_the_source_has_both_languages(repository: Path) -> None:
    seen = 0
    for path in sorted((repository / "src" / "cartella").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
                if not all(isinstance(argument, ast.Constant | ast.JoinedStr) for argument in node.args):
                    continue  # words that come from elsewhere, such as the system's
                english, italian = (ast.unparse(argument) for argument in node.args)
                assert english != italian, f"{path.name}: {english}"
                assert len(english) > 4 and len(italian) > 4, f"{path.name}: {english}"
                seen += 1
    assert seen > 20


def test_today_can_be_fixed_and_comes_back() -> None:
    real = clock.today()
    with clock.fixed(date(2026, 11, 24)):
        assert clock.today() == date(2026, 11, 24)
        assert clock.now().isoformat() == "2026-11-24T00:00:00+00:00"
        with clock.fixed(date(2020, 1, 1)):
            assert clock.today() == date(2020, 1, 1)
        assert clock.today() == date(2026, 11, 24)
    assert clock.today() >= real


def test_the_clock_is_the_only_one_that_asks_for_the_time(repository: Path) -> None:
    asking = re.compile(r"\b(?:date\.today|datetime\.now|datetime\.utcnow|time\.time|time\.localtime)\(")
    found = [
        path.name
        for path in sorted((repository / "src" / "cartella").rglob("*.py"))
        if asking.search(path.read_text(encoding="utf-8"))
    ]
    assert found == ["clock.py"]


@pytest.mark.parametrize("each", CLASSES, ids=lambda each: each.__name__)
def test_every_error_is_caught_by_the_root(each: type[CartellaError]) -> None:
    with pytest.raises(CartellaError):
        raise each(Words("What.", "Che cosa."))

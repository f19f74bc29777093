"""The glossary defines each word once, and every class of the vocabulary is in it."""

from __future__ import annotations

import inspect
import re

from shared_data import REPOSITORY

import cartella.logic
import cartella.trials.criteria

ROW = re.compile(r"^\| \*\*(?P<term>[^*]+)\*\* \| (?P<meaning>.+) \|$", re.MULTILINE)
ENTRIES = [(row["term"], row["meaning"]) for row in ROW.finditer((REPOSITORY / "GLOSSARY.md").read_text("utf-8"))]


def test_every_term_is_defined_once_and_in_order() -> None:
    terms = [term for term, _ in ENTRIES]
    assert len(terms) > 40
    assert terms == sorted(set(terms))


def test_every_class_of_the_vocabulary_is_in_the_glossary() -> None:
    named = {name for _, meaning in ENTRIES for name in re.findall(r"`([A-Z]\w+)", meaning)}
    for module in (cartella.logic, cartella.trials.criteria):
        classes = {
            name
            for name, value in vars(module).items()
            if inspect.isclass(value) and value.__module__.startswith("cartella.")
        }
        assert classes <= named, sorted(classes - named)

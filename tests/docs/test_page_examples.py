"""Every example in the documentation is run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from page_examples import RUN, SHELL, Example, agrees, commands_in, examples_in, run_console, run_python, stated_results
from shared_data import REPOSITORY

PAGES = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("tests/**/*.md")])


def named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_examples_of_a_page_do_what_it_says(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "session"
    folder.mkdir()
    if (REPOSITORY / "examples").is_dir():
        shutil.copytree(REPOSITORY / "examples", folder / "examples")
    monkeypatch.chdir(folder)
    namespace: dict[str, Any] = {"__name__": "__example__"}
    for example in examples_in(page):
        if example.not_run is None and example.language == "console":
            run_console(example, folder)
        elif example.not_run is None and example.language == "python":
            run_python(example, namespace)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_example_escapes_being_run(page: Path) -> None:
    for example in examples_in(page):
        assert example.language not in SHELL, f"{example.where}: mark it 'console' or 'python', so that it is run"
        assert example.not_run is None or example.language in RUN, f"{example.where}: it is not run anyway"
        assert example.not_run is None or len(example.not_run) > 10, f"{example.where}: say why it is not run"


class TestTheRunner:
    """The runner itself, on pages that are wrong on purpose."""

    def page(self, folder: Path, text: str) -> list[Example]:
        path = folder / "page.md"
        path.write_text(text, encoding="utf-8")
        return list(examples_in(path))

    def test_finds_blocks_with_their_notes(self, tmp_path: Path) -> None:
        text = (
            "Words.\n\n```console\n$ echo a\na\n```\n\n<!-- not run: needs the network -->\n\n```python\nfetch()\n```\n"
            "\n<!-- exit status: 3 -->\n```console\n$ exit 3\n```\n\n```yaml\na: 1\n```\n"
        )
        found = self.page(tmp_path, text)
        assert [(e.language, e.line, e.not_run, e.status) for e in found] == [
            ("console", 4, None, 0),
            ("python", 11, "needs the network", 0),
            ("console", 16, None, 3),
            ("yaml", 20, None, 0),
        ]

    def test_a_block_may_be_inside_a_list(self, tmp_path: Path) -> None:
        (example,) = self.page(tmp_path, "1. First\n\n   ```python\n   if True:\n       x = 1\n   ```\n")
        assert example.text == "if True:\n    x = 1"

    def test_reads_commands_over_several_lines(self, tmp_path: Path) -> None:
        (example,) = self.page(tmp_path, "```console\n$ echo a \\\n>   b\na b\n$ true\n```\n")
        assert list(commands_in(example)) == [("echo a \\\n  b", "a b"), ("true", "")]

    @pytest.mark.parametrize(
        ("expected", "printed", "same"),
        [
            ("a\nb", "a\nb\n", True),
            ("a\nb", "a  \nb\n\n", True),
            ("a\nb", "a\nc\n", False),
            ("a\nb", "a\nb\nc\n", False),
            ("", "", True),
            ("", "a\n", False),
            ("...", "", True),
            ("...", "a\nb\n", True),
            ("a\n...\nd", "a\nb\nc\nd\n", True),
            ("a\n...\nd", "a\nb\nc\n", False),
            ("took ... s (of ...)", "took 1.5 s (of 3)\n", True),
            ("took ... s", "took 1.5\ns\n", False),
            ("a.c", "abc\n", False),
        ],
    )
    def test_compares_with_wildcards(self, expected: str, printed: str, same: bool) -> None:
        assert agrees(expected, printed) is same

    @pytest.mark.skipif(os.name != "posix", reason="console examples are run by a POSIX shell")
    def test_runs_commands_in_the_folder(self, tmp_path: Path) -> None:
        right, wrong, failing = self.page(
            tmp_path,
            "```console\n$ echo one > file; cat file\none\n```\n```console\n$ cat file\ntwo\n```\n"
            "```console\n$ cat file; exit 4\none\n```\n",
        )
        run_console(right, tmp_path)
        with pytest.raises(AssertionError, match=r"page\.md:6: 'cat file' printed\none"):
            run_console(wrong, tmp_path)
        with pytest.raises(AssertionError, match="ended with 4, not 0"):
            run_console(failing, tmp_path)

    def test_compares_python_results_with_the_comments_behind_them(self, tmp_path: Path) -> None:
        right, wrong = self.page(
            tmp_path,
            "```python\nx = 1  # 5 is not compared: no expression\nx + 1  # 2\nx  # the number\n```\n"
            "```python\nx + 1  # 3\n```\n",
        )
        namespace: dict[str, Any] = {}
        run_python(right, namespace)
        with pytest.raises(AssertionError, match="gives 2, and the page says 3"):
            run_python(wrong, namespace)

    def test_takes_only_literals_behind_code_as_results(self) -> None:
        text = "# 1\nf(x)  # 'a'\ng('# 2')\nh()  # some words\n"
        assert stated_results(text) == {2: "a"}

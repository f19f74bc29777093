"""Examples in Markdown: finding them, running them, comparing what they print.

A fenced block marked ``console`` holds lines ``$ command`` with the output that follows them; one marked ``python``
is run as a program. All blocks of a page share one working folder, which begins with a copy of the folder
``examples``, and one Python namespace, so a page reads from top to bottom as a session.

* ``...`` alone on a line stands for any number of lines, inside a line for any characters.
* In Python, a comment that is a literal says what the expression before it gives: ``1 + 1  # 2``.
* A command that is meant to fail is preceded by ``<!-- exit status: 3 -->``.
* A block that cannot be run is preceded by ``<!-- not run: why -->``.
"""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FENCE = re.compile(r"^(?P<indent> *)(?P<ticks>`{3,}|~{3,}) *(?P<language>[\w+-]*)")
NOTE = re.compile(r"<!-- *(?P<kind>not run|exit status): *(?P<value>.*?) *-->\s*$")
RUN = frozenset({"console", "python"})
SHELL = frozenset({"bash", "sh", "shell", "shell-session", "zsh", "py", "python3", "pycon"})
"""Other names for what is run, under which an example would go unchecked."""


@dataclass(frozen=True)
class Example:
    """One fenced block; `line` is that of its first line of text."""

    path: Path
    line: int
    language: str
    text: str
    not_run: str | None = None
    status: int = 0

    @property
    def where(self) -> str:
        """Where to look for it."""
        return f"{self.path.name}:{self.line}"


def examples_in(path: Path) -> Iterator[Example]:
    """All fenced blocks of a Markdown file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    note: re.Match[str] | None = None
    number = 0
    while number < len(lines):
        opening = FENCE.match(lines[number])
        if opening is None:
            if lines[number].strip():
                note = NOTE.search(lines[number])
            number += 1
            continue
        first = number + 1
        closing = re.compile(rf"^ *{opening['ticks'][0]}{{{len(opening['ticks'])},}} *$")
        end = next((n for n in range(first, len(lines)) if closing.match(lines[n])), None)
        assert end is not None, f"{path.name}:{first}: a fenced block without an end"
        indent = len(opening["indent"])
        text = "\n".join(line[indent:] if line[:indent].isspace() else line for line in lines[first:end])
        told = {note["kind"]: note["value"]} if note else {}
        yield Example(
            path, first + 1, opening["language"], text, told.get("not run"), int(told.get("exit status", "0"))
        )
        note = None
        number = end + 1


def commands_in(example: Example) -> Iterator[tuple[str, str]]:
    """Each command of a console example with the output that is expected of it."""
    command: str | None = None
    expected: list[str] = []
    for line in example.text.splitlines():
        if line.startswith("$ "):
            if command is not None:
                yield command, "\n".join(expected)
            command, expected = line[2:], []
        elif command is not None and command.endswith("\\"):
            command = f"{command}\n{line.removeprefix('> ')}"
        else:
            assert command is not None, f"{example.where}: a console example begins with a line '$ command'"
            expected.append(line)
    if command is not None:
        yield command, "\n".join(expected)


def agrees(expected: str, printed: str) -> bool:
    """Whether the output is as expected, with ``...`` standing for anything; blanks at the ends of lines are free."""
    wanted = [line.rstrip() for line in expected.strip("\n").splitlines()]
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
        for line in wanted
    )
    got = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, got) is not None


def run_console(example: Example, folder: Path) -> None:
    """Run the commands of a console example in `folder`; each must print what the page says it prints."""
    environment = {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath))),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    commands = list(commands_in(example))
    for number, (command, expected) in enumerate(commands, start=1):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        status = example.status if number == len(commands) else 0
        assert done.returncode == status, (
            f"{example.where}: '{command}' ended with {done.returncode}, not {status}:\n{done.stdout}"
        )
        assert agrees(expected, done.stdout), (
            f"{example.where}: '{command}' printed\n{done.stdout}\nand the page says\n{expected}"
        )


def run_python(example: Example, namespace: dict[str, Any]) -> None:
    """Run a Python example in `namespace`; expressions must give what the comments behind them say."""
    tree = ast.parse(example.text)
    said = stated_results(example.text)
    for statement in tree.body:
        code: Any = ast.Module([statement], [])
        place = f"{example.where} + {statement.lineno - 1}"
        if not isinstance(statement, ast.Expr):
            exec(compile(code, place, "exec"), namespace)
            continue
        result = eval(compile(ast.Expression(statement.value), place, "eval"), namespace)
        if statement.end_lineno in said:
            expected = said[statement.end_lineno]
            assert result == expected, f"{place}: gives {result!r}, and the page says {expected!r}"


def stated_results(text: str) -> dict[int, Any]:
    """The literals that stand in comments behind code, by line."""
    results: dict[int, Any] = {}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip():
            try:
                results[token.start[0]] = ast.literal_eval(token.string[1:].strip())
            except (ValueError, SyntaxError):
                continue
    return results

"""The commands, in the order in which a person meets them."""

from __future__ import annotations

from typing import Annotated

import typer

from cartella import __version__
from cartella.cli import cohort, data, matching, serve, studies

STORY = """Cartella reads every registered T-cell immunotherapy trial (CAR-T, TCR-T, TIL), holds a patient's record
against it point by point, and says in plain words what stands in the way, what is missing, and why.

\b
  cartella serve                        the pages, in a browser
  cartella match --example              an invented patient against the catalogue
  cartella match patient.json           your FHIR record, or a short YAML record
  cartella match patient.json --trial NCT... --format html --output sheet.html
  cartella search --disease "follicular lymphoma" --near Milano
  cartella trial NCT...                 what a study is, where it is open, its points
  cartella read criteria.txt            how an eligibility text is read
  cartella load studies.jsonl.gz        bring newer registry records
  cartella cohort match cohort.parquet --out DIR     thousands of patients at once
  cartella feasibility cohort.parquet draft.txt      what each criterion of a protocol costs

It helps to prepare the talk with the doctor. It does not decide whether somebody can take part. Records stay on this
machine.

\b
Exit codes: 0 done; 1 defect; 2 command not understood; 3 patient's record not readable; 4 registry file not
readable; 5 store; 6 not found; 7 done, but some records had to be left out; 130 interrupted.
"""

app = typer.Typer(
    help=STORY, rich_markup_mode=None, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cartella {__version__}")
        raise typer.Exit


@app.callback()
def cartella(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """The whole command line. Its help is the story above."""


cartella.__doc__ = STORY

app.command("match")(matching.match)
app.command("serve")(serve.serve)
app.command("example")(matching.example)
app.command("search")(studies.search)
app.command("trial")(studies.trial)
app.command("read")(studies.read)
app.command("info")(data.info)
app.command("load")(data.load)
app.add_typer(cohort.cohort, name="cohort")
app.command("feasibility")(cohort.feasibility)
app.add_typer(data.catalogue, name="catalogue")

"""The filters of the clinician's table, as addresses hold them: nothing in them speaks of a patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from cartella.explaining import Group
from cartella.services.table import PHASES, Filters
from cartella.web.held import ORDERS

KILOMETRES = ("50", "100", "250", "500", "1000", "2500")
MONTHS = ("1", "3", "6", "12", "24")
PARTS = ("group", "kind", "target", "phase", "country", "within", "months", "order", "closed", "from", "subject")
"""The parts of an address that the pages for clinicians know."""
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class View:
    """What the table shows: its filters, its order, whether closed trials are in it, how many rows are skipped."""

    filters: Filters
    given: Mapping[str, str]
    order: str = "usual"
    closed: bool = False
    skipped: int = 0

    def link(self, **other: str) -> str:
        """The query of an address with these parts in place of those that are given; "" takes one out."""
        parts = {name: value for name, value in {**self.given, **other}.items() if value}
        return f"?{urlencode(parts)}" if parts else ""


def view_of(params: Mapping[str, str]) -> View:
    """What an address asks for; what is not known is left out."""
    given = {name: value for name in PARTS if (value := params.get(name, "")[:_LONGEST].replace("\0", ""))}
    for name, known in (
        ("group", [group.value for group in Group]),
        ("phase", PHASES),
        ("within", KILOMETRES),
        ("months", MONTHS),
        ("order", [order for order in ORDERS if order != "usual"]),
        ("closed", ("1",)),
    ):
        if name in given and given[name] not in known:
            del given[name]
    skipped = given.pop("from", "0")
    if skipped.isascii() and skipped.isdigit() and 0 < int(skipped[:6]) < 100_000:
        given["from"] = skipped
    filters = Filters(
        given.get("group", ""),
        given.get("kind", ""),
        given.get("target", ""),
        given.get("phase", ""),
        given.get("country", ""),
        int(given["within"]) if "within" in given else None,
        int(given["months"]) if "months" in given else None,
    )
    return View(filters, given, given.get("order", "usual"), "closed" in given, int(given.get("from", "0")))


def query_of(text: str, back: str) -> str:
    """The query with which a form came, so that the way back leads to the same view."""
    if back not in ("table", "tests"):
        return ""
    try:
        parts = dict(parse_qsl(text[:1000], max_num_fields=20))
    except ValueError:
        return ""
    return view_of(parts).link()

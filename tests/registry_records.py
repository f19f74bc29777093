"""Invented records in the shape of the registry."""

from __future__ import annotations

from typing import Any


def record(number: int, *, updated: str | None = "2026-05-01", **parts: Any) -> dict[str, Any]:
    """A small record; `parts` are modules of the protocol section that replace or add to it."""
    status: dict[str, Any] = {"overallStatus": "RECRUITING"}
    if updated is not None:
        status["lastUpdatePostDateStruct"] = {"date": updated, "type": "ACTUAL"}
    protocol: dict[str, Any] = {
        "identificationModule": {"nctId": f"NCT9{number:07d}", "briefTitle": f"Invented study {number}"},
        "statusModule": status,
    }
    protocol.update(parts)
    return {"protocolSection": protocol}

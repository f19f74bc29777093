"""Which version of a study is the current one, as a query.

It is the one with the newest date of the registry ("last update posted"); among equal dates the one that arrived
last. A version without a date never displaces one that has a date. So files may be loaded in any order, and a record
that is older than what is known is kept without hiding the newer one.
"""

from __future__ import annotations

import sqlalchemy as sa

from cartella.store import schema
from cartella.store.schema import release, version


def current_versions(study_id: str | None = None) -> sa.Subquery:
    """The current version of every study (or of one) in complete releases: study_id, hash, last_update."""
    rank = sa.func.row_number().over(
        partition_by=version.c.study_id, order_by=(version.c.last_update.desc(), version.c.sequence.desc())
    )
    query = (
        sa.select(version.c.study_id, version.c.hash, version.c.last_update, rank.label("rank"))
        .join(release, release.c.number == version.c.release)
        .where(release.c.state == schema.COMPLETE)
    )
    if study_id is not None:
        query = query.where(version.c.study_id == study_id)
    ranked = query.subquery()
    columns = (ranked.c.study_id, ranked.c.hash, ranked.c.last_update)
    return sa.select(*columns).where(ranked.c.rank == 1).subquery("current")

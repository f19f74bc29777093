"""Any damage to a registry file ends in records, rejections or a refusal: never in a crash or a hang."""

from __future__ import annotations

import gzip
import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from registry_records import record

from cartella.errors import RegistryFileError
from cartella.registries.files import read_file
from cartella.registries.records import RegistryRecord

RECORDS = [record(i, descriptionModule={"briefSummary": 'a "quoted" \\ [bracket]'}) for i in range(4)]
FORMS = [
    "\n".join(json.dumps(each) for each in RECORDS).encode(),
    json.dumps(RECORDS).encode(),
    json.dumps({"studies": RECORDS, "nextPageToken": "x"}, indent=1).encode(),
    gzip.compress(json.dumps(RECORDS, indent=2).encode(), mtime=0),
]
DAMAGE = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 6), st.sampled_from([b"", b"{", b"]", b'"', b"\\", b"\n", b"\xff"])),
    min_size=1,
    max_size=4,
)


@given(st.sampled_from(FORMS), DAMAGE)
def test_damage_costs_records_and_is_reported(data: bytes, damage: list[tuple[int, int, bytes]]) -> None:
    damaged = data
    for at, cut, put in damage:
        damaged = damaged[:at] + put + damaged[at + cut :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.json"
        path.write_bytes(damaged)
        try:
            found = list(read_file(str(path)))
        except RegistryFileError as refused:
            assert refused.why is not None and refused.next_step is not None
            return
    kept = [each for each in found if isinstance(each, RegistryRecord)]
    assert len(kept) <= len(RECORDS)
    if len(kept) < len(RECORDS):
        assert len(found) > len(kept), "a record is gone and nothing was reported"

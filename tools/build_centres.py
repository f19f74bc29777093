"""Compile what is known of Italian centres (src/cartella/network/data/centres_it.csv) from the domain sheet.

Development tool. Usage: python tools/build_centres.py FOLDER, where FOLDER holds centres_it.csv. Only facts are taken
over, each with its date, its source and whether it was seen in that source ("verified") or is to be checked ("memory").
"""

import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "src" / "cartella" / "network" / "data" / "centres_it.csv"
COLUMNS = (
    "key,region,adults,children,authorised,authorised_confidence,authorised_as_of,jacie,jacie_confidence,cell_factory,"
    "cell_factory_confidence,transplants,transplants_confidence,source,source_date"
).split(",")
JACIE = {"stated in a source": "verified", "own knowledge": "memory"}


def verified(confidence: str, what: str) -> str:
    """Whether a part of the sheet's confidence ("V cell factory; M rest") says that `what` was seen in a source."""
    seen = any(part.strip().startswith("V ") and what in part for part in confidence.split(";"))
    return "verified" if seen else "memory"


def population(text: str, word: str) -> str:
    """Whether the sheet says that the centre treats adults or children; it never says that it does not."""
    return "yes" if word in re.sub(r"\(.*?\)", "", text) else "unknown"


def row_of(row: dict[str, str]) -> list[str]:
    confidence = row["confidence"]
    implied = row["jacie_basis"].startswith("implied")
    source = "; ".join(
        part
        for piece in row["source"].split(";")
        if (part := re.sub(r"\s*\(.*?\)| and p=\d+", "", piece).strip()) and not part.endswith("own knowledge")
    )
    source = re.sub(r"(?:trial )?records?(?= NCT|$|;)", "ClinicalTrials.gov", source)
    return [
        row["key"],
        row["region"],
        population(row["population"], "adult"),
        population(row["population"], "paediatric"),
        row["commercial_cart_authorised"],
        "verified" if row["authorised_evidence"].startswith("source") else "memory",
        row["authorised_as_of"],
        row["jacie"],
        "implied" if implied else JACIE.get(row["jacie_basis"], "memory"),
        row["cell_factory_gmp"],
        verified(confidence, "cell factory"),
        row["hsct_programme"],
        verified(confidence, "transplant") if "transplant" in confidence else verified(confidence, "unit"),
        source,
        row["source_date"],
    ]


def main(folder: Path) -> None:
    with (folder / "centres_it.csv").open(encoding="utf-8", newline="") as lines:
        rows = sorted(row_of(row) for row in csv.DictReader(lines))
    with OUTPUT.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{len(rows)} centres")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

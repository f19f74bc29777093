"""What a study gives: bucket, class, origin, targets, construct, combinations, each with the words that say so."""

from cartella.reading.therapy.reader import type_therapy

__all__ = ["type_therapy"]

"""The command line."""

from __future__ import annotations

import os
import sys

from cartella.errors import INTERRUPTED, CartellaError, Lang


def main() -> None:
    """The entry point. A person never sees a traceback: errors say what, where, why and what to do."""
    from cartella.cli.app import app

    try:
        app()
    except CartellaError as error:
        _say(error.render(_language()))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        # whoever read the answer has seen enough; the interpreter must not try to flush what is left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as defect:
        if os.environ.get("CARTELLA_TRACEBACK"):
            raise
        # the text of an unforeseen error may quote the record, so that only its kind is told
        kind = type(defect).__name__
        if _language() == "it":
            _say(
                f"Cartella ha un difetto ({kind}).\nChe cosa fare: segnalarlo con il comando e la versione; "
                "CARTELLA_TRACEBACK=1 mostra dove, ma può mostrare dati del paziente."
            )
        else:
            _say(
                f"Cartella has a defect ({kind}).\nWhat to do: report it with the command and the version; "
                "CARTELLA_TRACEBACK=1 shows where, but may show data of the patient."
            )
        sys.exit(1)


def _language() -> Lang:
    """The language that the command asked for, also where the command line could not be read as a whole."""
    from cartella.cli.common import usual_language

    words = sys.argv[1:]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        asked = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if asked in ("it", "en"):
            return "it" if asked == "it" else "en"
    return "it" if usual_language() == "it" else "en"


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


__all__ = ["main"]

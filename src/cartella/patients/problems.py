"""Why a patient's file cannot be read, and what to do next, in English and Italian."""

from __future__ import annotations

from cartella.errors import InputError, Where, Words

_WHAT = Words("The patient's record cannot be read", "La cartella del paziente non si può leggere")
_BRING = (
    "Bring a FHIR R4 record or a Phenopacket, or write a short record as docs/reference/record.md shows.",
    "Fornire un documento FHIR R4 o un Phenopacket, oppure scrivere una cartella breve come mostra "
    "docs/reference/record.md.",
)
_COMPARE = (
    "Compare this entry with docs/reference/record.md and correct it.",
    "Confrontare questa voce con docs/reference/record.md e correggerla.",
)
_PROBLEMS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "directory": (
        ("it is a directory", "è una cartella del disco"),
        ("Name the file of the patient.", "Indicare il file del paziente."),
    ),
    "missing": (("there is no such file", "il file non esiste"), ("Check the path.", "Controllare il percorso.")),
    "unreadable": (
        ("it cannot be opened", "non si può aprire"),
        ("Check the permissions of the file.", "Controllare i permessi del file."),
    ),
    "too_large": (
        ("it is larger than {limit} MB after unpacking", "supera {limit} MB dopo la decompressione"),
        ("Bring the record of one patient.", "Fornire la cartella di un solo paziente."),
    ),
    "gzip": (
        ("the gzip data end too early or are damaged", "i dati gzip sono incompleti o danneggiati"),
        ("Copy or download the file again.", "Copiare o scaricare di nuovo il file."),
    ),
    "encoding": (
        ("it is not UTF-8 text", "non è testo UTF-8"),
        ("Save the file as UTF-8.", "Salvare il file in UTF-8."),
    ),
    "empty": (("it is empty", "è vuoto"), _BRING),
    "not_json": (
        ("it is not well-formed JSON here", "qui non è JSON ben formato"),
        ("Correct or export the file again.", "Correggere o esportare di nuovo il file."),
    ),
    "not_yaml": (
        ("it is neither JSON nor well-formed YAML here", "qui non è né JSON né YAML ben formato"),
        ("Correct the file.", "Correggere il file."),
    ),
    "too_deep": (("it is nested too deeply", "è annidato troppo in profondità"), _BRING),
    "too_large_yaml": (
        ("a record in YAML may have {limit} MB at most", "una cartella in YAML può avere al massimo {limit} MB"),
        ("Bring the record of one patient.", "Fornire la cartella di un solo paziente."),
    ),
    "yaml_alias": (
        ("an entry stands for another one here (YAML alias)", "qui una voce rimanda a un'altra (alias YAML)"),
        ("Write the entry itself in place of the alias.", "Scrivere la voce stessa al posto dell'alias."),
    ),
    "too_many": (
        ("it holds more than {limit} entries", "contiene più di {limit} voci"),
        (
            "Bring the entries that matter for a trial: diagnosis, therapies, the last values.",
            "Fornire le voci che contano per uno studio: diagnosi, terapie, ultimi valori.",
        ),
    ),
    "too_slow": (
        ("reading it takes longer than {limit} seconds", "la lettura richiede più di {limit} secondi"),
        (
            "Bring the entries that matter for a trial: diagnosis, therapies, the last values.",
            "Fornire le voci che contano per uno studio: diagnosi, terapie, ultimi valori.",
        ),
    ),
    "neither": (
        (
            "it is neither a FHIR record, nor a Phenopacket, nor a short record",
            "non è né un documento FHIR, né un Phenopacket, né una cartella breve",
        ),
        _BRING,
    ),
    "no_patient": (
        ("it holds no patient and no clinical entry", "non contiene né un paziente né voci cliniche"),
        (
            "Bring the patient's Bundle, not a list of trials or places.",
            "Fornire il Bundle del paziente, non un elenco di studi o di luoghi.",
        ),
    ),
    "several": (
        ("it holds {count} patients", "contiene {count} pazienti"),
        ("Bring one patient at a time.", "Fornire un paziente alla volta."),
    ),
    "unborn": (
        ("the date of birth lies after the reference day", "la data di nascita è successiva al giorno di riferimento"),
        (
            "Correct the date of birth, or give a later reference day.",
            "Correggere la data di nascita o indicare un giorno di riferimento successivo.",
        ),
    ),
    "not_a_table": (
        ("a table of names and values is expected here", "qui è attesa una tabella di nomi e valori"),
        _COMPARE,
    ),
    "unknown_entry": (
        (
            "there is no entry of this name; known are: {known}",
            "non esiste una voce con questo nome; sono note: {known}",
        ),
        _COMPARE,
    ),
    "not_a_number": (("a number is expected here", "qui è atteso un numero"), _COMPARE),
    "not_a_text": (("a text is expected here", "qui è atteso un testo"), _COMPARE),
    "no_name": (("the entry has no name", "la voce non ha un nome"), _COMPARE),
    "not_a_date": (
        ("this is not a date", "questa non è una data"),
        ("Write 2026-10-28, 2026-10 or 2026.", "Scrivere 2026-10-28, 2026-10 oppure 2026."),
    ),
    "yaml_word": (
        ("YAML reads this word as yes or no", "YAML legge questa parola come sì o no"),
        ("Put the word in quotes.", "Mettere la parola tra virgolette."),
    ),
    "one_of": (("only these are possible here: {known}", "qui sono possibili solo: {known}"), _COMPARE),
}


def problem(name: str, where: Where, **parameters: str) -> InputError:
    """The error of this name; `parameters` are names and counts, never values of the record."""
    why, next_step = _PROBLEMS[name]
    return InputError(
        _WHAT,
        where=where,
        why=Words(*(text.format(**parameters) for text in why)),
        next_step=Words(*next_step),
    )

"""The wording of the report on a record, in English and Italian, by message id."""

from __future__ import annotations

WORDING: dict[str, dict[str, str]] = {
    # used
    "sex": {"en": "sex: {sex}", "it": "sesso: {sex}"},
    "age": {"en": "age {years} on the reference day", "it": "età {years} nel giorno di riferimento"},
    "diagnosis": {"en": "diagnosis: {name}", "it": "diagnosi: {name}"},
    "measured": {"en": "{name}: {value} {unit}", "it": "{name}: {value} {unit}"},
    "test_positive": {"en": "{name}: found", "it": "{name}: presente"},
    "test_negative": {"en": "{name}: not found", "it": "{name}: non rilevato"},
    "antigen": {"en": "{name}: {result}", "it": "{name}: {result}"},
    "gene_altered": {"en": "{name}: altered", "it": "{name}: alterato"},
    "gene_unaltered": {"en": "{name}: not altered", "it": "{name}: non alterato"},
    "hla": {"en": "HLA: {alleles}", "it": "HLA: {alleles}"},
    "condition": {"en": "{name} ({traits})", "it": "{name} ({traits})"},
    "condition_past": {"en": "{name}, in the past ({traits})", "it": "{name}, in passato ({traits})"},
    "second_malignancy": {"en": "another cancer: {name}", "it": "altro tumore: {name}"},
    "absent": {"en": "{name}: documented as absent", "it": "{name}: assenza documentata"},
    "state": {"en": "state of the cancer: {name}", "it": "stato della malattia: {name}"},
    "site": {"en": "site of the cancer: {name}", "it": "sede della malattia: {name}"},
    "score": {"en": "{name}: {value}", "it": "{name}: {value}"},
    "lines_stated": {
        "en": "{value} prior lines of therapy, as stated",
        "it": "{value} linee di terapia precedenti, come indicato",
    },
    "given": {"en": "given: {name} (line: {lines})", "it": "somministrato: {name} (linea: {lines})"},
    "taken_now": {"en": "taken now: {name} (line: {lines})", "it": "assunto ora: {name} (linea: {lines})"},
    "procedure": {"en": "procedure: {name}", "it": "procedura: {name}"},
    "ordinary_medicine": {
        "en": "“{words}”: an ordinary medicine, known by its name to be none that criteria ask about",
        "it": "“{words}”: un farmaco comune, riconosciuto dal nome come estraneo ai criteri",
    },
    "refractory_to": {"en": "refractory to {name}", "it": "refrattario a {name}"},
    "stopped_since": {"en": "{name}: not taken any more", "it": "{name}: non più assunto"},
    "not_taken": {"en": "{name}: not taken", "it": "{name}: non assunto"},
    "nothing_taken": {
        "en": "no medicine is taken: the list of medicines is complete",
        "it": "nessun farmaco assunto: l'elenco dei farmaci è completo",
    },
    "mentioned": {
        "en": "{name}: taken from a mention, no entry of its own",
        "it": "{name}: ricavato da una menzione, senza voce propria",
    },
    "complete_declared": {
        "en": "the list “{register}” is declared complete",
        "it": "l'elenco “{register}” è dichiarato completo",
    },
    "follows": {"en": "{name}, derived: {rule}", "it": "{name}, ricavato: {rule}"},
    # assumed
    "complete_by_caller": {
        "en": "the list “{register}” is taken as complete, as asked",
        "it": "l'elenco “{register}” è considerato completo, come richiesto",
    },
    "complete_by_lines": {
        "en": (
            "the list “{register}” is taken as complete: the record states {lines} prior lines and "
            "lists the therapy of each of them"
        ),
        "it": (
            "l'elenco “{register}” è considerato completo: la cartella indica {lines} linee precedenti "
            "ed elenca la terapia di ognuna"
        ),
    },
    "incomplete_by_caller": {
        "en": "the list “{register}” is not taken as complete, as asked",
        "it": "l'elenco “{register}” non è considerato completo, come richiesto",
    },
    "lines_counted": {
        "en": "{value} lines counted from the regimens: {shown}",
        "it": "{value} linee contate dagli schemi: {shown}",
    },
    "last_regimen_failed": {
        "en": "{name}: refractory, as progression came on it or within 60 days",
        "it": "{name}: refrattario, per progressione durante o entro 60 giorni",
    },
    "unit_assumed": {"en": "{name}: no unit, read as {unit}", "it": "{name}: senza unità, letto come {unit}"},
    "dose_assumed_daily": {
        "en": "no frequency: the dose is taken as daily",
        "it": "senza frequenza: la dose è considerata giornaliera",
    },
    # ambiguous
    "doubtful": {
        "en": "{name}: only suspected, neither there nor absent",
        "it": "{name}: solo sospetto, né presente né assente",
    },
    "stated_and_denied": {
        "en": "{name}: stated in one place and denied in another; neither is used",
        "it": "{name}: affermato in un punto e negato in un altro; nessuno dei due è usato",
    },
    "denied_more_widely": {
        "en": "{name} is stated, {wider} is denied: {name} is used, {wider} is left open for it",
        "it": "{name} è affermato, {wider} è negato: {name} è usato, {wider} resta aperto",
    },
    "values_differ": {
        "en": "{name}: different values for the same day; none is used",
        "it": "{name}: valori diversi nello stesso giorno; nessuno è usato",
    },
    "code_and_text_differ": {
        "en": "the code says {code}, the text {text}",
        "it": "il codice dice {code}, il testo {text}",
    },
    "protein_or_gene": {
        "en": "{name}: protein or gene? The text does not tell",
        "it": "{name}: proteina o gene? Il testo non lo dice",
    },
    "result_not_clear": {"en": "{name}: the result is not clear", "it": "{name}: il risultato non è chiaro"},
    "number_ambiguous": {
        "en": "{name}: {value} {unit} can be read in two ways",
        "it": "{name}: {value} {unit} si può leggere in due modi",
    },
    "several_meanings": {"en": "“{words}” has several meanings", "it": "“{words}” ha più significati"},
    "medicine_unknown": {
        "en": "“{words}” is not in the vocabulary and could be any treatment",
        "it": "“{words}” non è nel vocabolario e potrebbe essere qualsiasi trattamento",
    },
    "procedure_unknown": {
        "en": "a procedure that is not in the vocabulary and could be an operation",
        "it": "una procedura che non è nel vocabolario e potrebbe essere un intervento",
    },
    "steroid_without_dose": {
        "en": "{name}: no daily dose that can be read",
        "it": "{name}: nessuna dose giornaliera leggibile",
    },
    "too_many_alleles": {"en": "more than two alleles at HLA-{locus}", "it": "più di due alleli a HLA-{locus}"},
    "denied_twice": {
        "en": "a denial that is marked as refuted: it can be read both ways",
        "it": "una negazione segnata come confutata: si può leggere in due modi",
    },
    "deceased": {
        "en": "the record says that this person has died",
        "it": "la cartella dice che questa persona è deceduta",
    },
    "out_of_date": {
        "en": "{name}: measured before the last therapy directed at it; to be repeated",
        "it": "{name}: misurato prima dell'ultima terapia mirata; da ripetere",
    },
    # ignored
    "value_implausible": {
        "en": "{name}: {value} {unit} is not plausible",
        "it": "{name}: {value} {unit} non è plausibile",
    },
    "unit_unknown": {
        "en": "{name}: the unit “{unit}” is not known for it",
        "it": "{name}: l'unità “{unit}” non è nota per questo esame",
    },
    "scale_out_of_range": {"en": "{name} has no level {value}", "it": "{name} non ha il livello {value}"},
    "older_value": {"en": "{name}: a newer value is used", "it": "{name}: si usa un valore più recente"},
    "too_long": {
        "en": "a text of more than {limit} characters",
        "it": "un testo di più di {limit} caratteri",
    },
    "left_out": {"en": "left out, as asked", "it": "tralasciato, come richiesto"},
    "corrected": {
        "en": "{name}: what was added by hand is used in its place",
        "it": "{name}: al suo posto si usa quanto aggiunto a mano",
    },
    "age_undated": {
        "en": "an age at the last encounter, of which the day is not told",
        "it": "un'età all'ultimo incontro, di cui non è detto il giorno",
    },
    "other_fluid": {"en": "{name}: measured in another fluid", "it": "{name}: misurato in un altro liquido"},
    "not_tested": {"en": "{name}: not tested or not known", "it": "{name}: non eseguito o non noto"},
    "not_a_date": {"en": "not a date", "it": "non è una data"},
    "not_a_number": {"en": "not a number", "it": "non è un numero"},
    "not_a_count": {"en": "not a number of lines", "it": "non è un numero di linee"},
    "not_a_resource": {"en": "not a FHIR resource", "it": "non è una risorsa FHIR"},
    "no_value": {"en": "an observation without a value", "it": "un'osservazione senza valore"},
    "no_words": {"en": "neither words nor a known code", "it": "né parole né un codice noto"},
    "no_patient": {
        "en": "no Patient resource: age and sex are not known",
        "it": "nessuna risorsa Patient: età e sesso non noti",
    },
    "no_birth_date": {"en": "no date of birth: the age is not known", "it": "manca la data di nascita: età non nota"},
    "sex_not_read": {
        "en": "the sex is neither male nor female and is left open",
        "it": "il sesso non è né maschile né femminile e resta aperto",
    },
    "diagnosis_not_known": {"en": "the diagnosis is not in the vocabulary", "it": "la diagnosi non è nel vocabolario"},
    "after_reference_day": {"en": "dated after the reference day", "it": "data successiva al giorno di riferimento"},
    "entered_in_error": {"en": "marked as entered in error", "it": "segnata come inserita per errore"},
    "not_done": {"en": "not done or not taken", "it": "non eseguito o non assunto"},
    "planned": {"en": "planned, not yet given", "it": "programmato, non ancora eseguito"},
    "family": {"en": "{name}: of a relative, not of the patient", "it": "{name}: di un familiare, non del paziente"},
    "family_history": {
        "en": "family history: it says nothing of the patient",
        "it": "anamnesi familiare: non riguarda il paziente",
    },
    "other_context": {
        "en": "{name}: named for a vaccination, a screening, a risk or a plan, not as present",
        "it": "{name}: nominato per vaccinazione, screening, rischio o programma, non come presente",
    },
    "other_person": {"en": "{kind}: speaks of another person", "it": "{kind}: riguarda un'altra persona"},
    "no_patient_fact": {
        "en": "{kind}: holds no fact about the patient",
        "it": "{kind}: non contiene fatti sul paziente",
    },
    "resource_not_read": {
        "en": "{kind}: this kind of resource is not read",
        "it": "{kind}: questo tipo di risorsa non viene letto",
    },
    "results_elsewhere": {
        "en": "a report without a conclusion; its results are read where they stand",
        "it": "referto senza conclusione; i risultati sono letti dove si trovano",
    },
    "list_not_complete": {
        "en": "a list that does not declare itself complete",
        "it": "un elenco che non si dichiara completo",
    },
    "small_procedure": {"en": "a minor or diagnostic procedure", "it": "una procedura minore o diagnostica"},
    "words_not_read": {"en": "not understood: “{words}”", "it": "non compreso: “{words}”"},
    "not_understood": {"en": "not understood: “{words}”", "it": "non compreso: “{words}”"},
}
"""Message id -> language -> words; the parameters stand in braces."""

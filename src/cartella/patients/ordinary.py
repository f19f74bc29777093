"""Medicines that matter to no criterion of a T-cell trial, by the common stems of their international names.

A medicine that the vocabulary does not hold could be anything, an immunosuppressant included, and would leave every
question on medicines open. The stems of the World Health Organization tell what it is: a name in -pril is an ACE
inhibitor whatever the rest. Origin: WHO "The use of stems in the selection of International Nonproprietary Names"
(stem book), read from memory, 2026-11; single names: own knowledge; confidence: from memory.
"""

from __future__ import annotations

import re

_STEMS = re.compile(
    r"(?:pril(?:e|at)?|sartan(?:e)?|dipin[ae]?|olol(?:o)?|statin[ae]?|prazol(?:e|o)?|tidin[ae]|gliptin[ae]?|gliflozin[ae]?|formin[ae]?|glitazon[ea]|glutid[ae]|tril"
    r"|setron(?:e)?|semid[ae]|thiazid[ae]|tiazid[ae]|fibrat[aeo]?|zosin[ae]?|terol(?:o)?|tropium|tropio|azepam|azolam|zolpidem|oxetin[ae]?|talopram|profen[ae]?|fenac"
    r"|oxicam|coxib|triptan|tadin[ae]|rizin[ae]|dronat[ae]|dronic acid|cillin[ae]?|floxacin[ae]?|cycline?|ciclina|penem|cef\w+|pidem|gabalin|pentin|gabapentin)$",
    re.IGNORECASE,
)
_NAMES = frozenset(
    """metformin metformina insulin insulina levothyroxine levotiroxina paracetamol acetaminophen paracetamolo tachipirina morphine morfina oxycodone ossicodone fentanyl
    tramadol tramadolo codeine codeina buprenorphine allopurinol allopurinolo febuxostat rasburicase colecalciferol cholecalciferol colecalciferolo vitamin vitamina calcium calcio
    magnesium magnesio potassium potassio iron ferro folic folico folate cyanocobalamin amiodarone digoxin digossina ivabradine ranolazine nitroglycerin furosemide
    torasemide spironolactone eplerenone indapamide chlorthalidone hydrochlorothiazide idroclorotiazide metoclopramide domperidone lactulose macrogol senna loperamide
    pantoprazole omeprazole ezetimibe melatonin melatonina mirtazapine trazodone sertraline sertralina haloperidol quetiapine olanzapine risperidone aripiprazole lithium
    chlorhexidine nystatin nistatina mesna leucovorin ursodeoxycholic ursodiol pancrelipase pancreatin salbutamol albuterol montelukast timolol latanoprost dorzolamide
    tamsulosin finasteride solifenacin mirabegron sildenafil gliclazide glimepiride repaglinide empagliflozin semaglutide vancomycin vancomicina meropenem teicoplanin
    linezolid daptomycin amoxicillin nitrofurantoin fosfomycin metronidazole metronidazolo aspirin-free ondansetron granisetron aprepitant bicarbonate thiamine acid acido
    ascorbic zinc omega-3 probiotic probiotici saline electrolytes nutrition nutritional supplement supplements multivitamin""".split()
)


def is_ordinary(words: str) -> bool:
    """Whether every word is the name of such a medicine."""
    parts = [part for part in re.findall(r"[^\W\d_][\w-]*", words)]
    return bool(parts) and all(part.lower() in _NAMES or bool(_STEMS.search(part)) for part in parts)

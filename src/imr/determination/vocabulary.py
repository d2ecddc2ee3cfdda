"""Words of letters that are not taken for names by themselves, whatever the parties are called.

Words of medicine, of guidelines and of the letter's form, drugs, months, particles and titles are names only next to a
title or another part of the name; ordinary words only if they are written like names.
"""

import re
from functools import lru_cache

from imr.guidelines.anatomy import body_parts
from imr.guidelines.drugs import drug_names
from imr.guidelines.treatment_kinds import treatments


def words(text: str) -> frozenset[str]:
    """Split a table of words."""
    return frozenset(text.split())


#: Words that are names and also occur in any letter: they are names only if they are written like a name.
ORDINARY = words("""
    able art bad baker banks bay bell best bill black blue bond bonus bridge brown burns camp church clay comfort cook cooper cross
    dale dean dear dee dick drew duke early england fall field fine first fisher fit ford forest forward france free frank
    gates glad golden good grace grant gray green guy hard harvest hill home hood hope house hunt hunter ice industry jack
    joy judge just key king knight lake land lane law light little long lord low man mark marks mean mercy miles
    miller moon more mills new noble norm north orange orchard page park parks pat patience pierce pool poor pope potter power price
    ray read reed rich rise rivers rob rock rose rush sage sharp silver small smart smith snow south spring star stark
    state step still stone strong summer sun swift tall temple tin todd trace tree turner underwood union vale valley value
    wall ward warren water waters way weeks wells west white wild will wise wood woods young worth sunset royal
    """)
#: Particles and titles that are last names too.
PARTICLES = words("""
    mr mrs ms miss dr doctor prof do pa pt ot np dc od de del der den di da dos das du la las le los van von y e of the and for
    jr sr ii iii iv an so no to in on at as is it he she we us me my be by or if up
    """)
#: Particles that begin a sentence and are not names.
PRONOUNS = words("he she it we us me my i so no to in on at as is or by be if up an and for of the")
#: Words of the letter's form, of guidelines and of medicine, beside the tables of anatomy, drugs and treatments.
_LETTER = words("""
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    ability abnormal absence according acute additional adequate administrator administrators advanced age ago agency aid aids american
    application appropriate approved arthritis assessment associated association authorization back base based benefit best
    board body bone brace calm cane care case cases caused cell center certified chapter chart chief chin chiropractic chronic
    claim claimant claims clinic clinical code college community compensation complaints complete complex condition conditions
    conservative consultation consultations continued cord course criteria current daily date day days decision degenerative denied
    department determination diagnosis diagnostic disability disc discussed disease disorder documentation documents dose drug
    duration duty education effective electrodiagnostic employed employee employees employer employment environmental equipment
    established evaluation evidence exam examination exercise exercises expert express failed fair findings first follow form
    fracture frequency full function functional fusion general group guideline guidelines head health heart heat height high
    history home hospital hour hours imaging implant improvement independent indicated indication industrial injection injections
    injured injury institute insurance internal joint labor laboratory left letter level levels license licensed limited line list
    lumbar management maximum medical medically medication medications medicine member mental middle mild moderate modified month
    months motor muscle natural necessary necessity need needle nerve neural neurology noted number numbness objective occupational
    office official onset opioid option order organization orthopaedic orthopaedics orthopedic orthopedics outcome outpatient pain
    palm panel part partially patient patients pattern peer pelvis performed period permanent personal physical physician physicians
    pin plan post practice prescription present primary prior procedure professional program progress progressive proper provider
    psychiatry psychological public pump qualified quality radiology range rationale recent recommendation recommended record
    records reflex regarding regional rehabilitation relief relevant report reports request requested requests research response
    rest result results review reviewer reviews right rod root routine schedule score screen screening section sensation service
    services session sessions severe sharp short side sign signs sleep social soft solution special specialist specialists specialty
    spine sport sports stable staff standard state sterling stiff stimulation strain strength strong studies study subjective
    summary support surgeon surgery surgical sustained swelling symptom symptoms system tear temporary tender term test tests
    therapist therapy tissue total training trauma treating treatment treatments trial type unit upheld upper urine use used visit
    visits walker walking weak weakness week weekly weeks weight work worker workers working worst year years
    """)
#: Words in names of organizations that are not distinctive.
KIND_OF_ORGANIZATION = words("""
    administrators agency american associates association bureau business california care center centers central city
    claims clinic clinics college community compensation construction consultants county department district eastern
    electric employers enterprises fund general group health healthcare hospital industries institute insurance
    international laboratories logistics management manufacturing medical medicine mutual national northern office
    orthopaedic orthopedic pacific pain pharmacy physical physicians practice products professionals psychiatry public radiology
    rehabilitation restaurant review school service services social solutions southern specialists sports state states
    surgery surgical systems technologies therapy transport transportation trucking unified union united university
    valley western workers company packing
    """)
#: Abbreviations that do not stand for an organization in such a letter.
TERMS = words(
    "MRI EMG NCS NCV TENS CT PT OT UR IMR MTUS ODG ACOEM RFA DWC QME AME DME ADL ROM FDA CDC WCAB MD DC ESI PRP NSAID CBT PPI GERD CPAP"
)
_EPONYMS = words("""
    Adson Allen Apley Babinski Baker Bankart Beck Bell Bennett Colles Cozen Cushing Dupuytren Durkan Ely Epley Faber Fabere Finkelstein
    Froment Gaenslen Galeazzi Glasgow Golfer Guyon Hawkins Hoffman Hoffmann Homans Hoover Jackson Jobe Jones Kemp Kennedy Lachman
    Lasegue Lhermitte Likert McBurney McGill McKenzie McMurray Mill Mills Milgram Morton Mulligan Murphy Neer Ober O'Brien
    Osgood Parkinson Patrick Pavlov Phalen Popeye Raynaud Romberg Roos Sachs Schmorl Schlatter Schober Sjogren Speed Spurling
    Still Thomas Thompson Tinel Trendelenburg Tietze Valsalva Waddell Wartenberg Wright Yergason Hill Quervain Oswestry Beighton
    Epworth Hamilton Zung Rorschach Norris Freiberg Stinchfield Gillet Nachlas Obers Clarke
    """)
_OF_EPONYM = (
    "tests?|testing|signs?|man(?:eu|oeu)vers?|lesions?|cysts?|fractures?|disease|syndrome|contracture|deformity|neuromas?|palsy|tendon|reflex"
    "|phenomenon|nodes?|nodules?|criteria|scales?|scores?|inventory|index|questionnaire|method|classification|procedure|repair|grade"
    "|compression|extension|impingement|protocol|exercises?|technique|positive|negative"
)
_EPONYM = "|".join(sorted(map(re.escape, _EPONYMS), key=len, reverse=True))
#: Eponyms, which are never names of the case: Hill-Sachs, Phalen's test, a positive Spurling.
KEPT = re.compile(
    rf"\b(?:{_EPONYM})(?:['’]?s)?[-–](?:{_EPONYM})\b|\b(?:{_EPONYM})(?:['’]?s)?(?: and (?:{_EPONYM})(?:['’]?s)?)?\s+(?:{_OF_EPONYM})\b"
    rf"|\b(?:[Pp]ositive|[Nn]egative) (?:{_EPONYM})(?:['’]?s)?\b|\b[Dd]e Quervain\b|\b[Ll]e [Ff]ort\b"
)


@lru_cache(maxsize=4096)
def is_of_letters(word: str) -> bool:
    """Say whether a word is of medicine, of guidelines, of the letter's form, or a particle: a name only next to another part."""
    plain = word.casefold()
    return (
        plain in _LETTER
        or plain in PARTICLES
        or (plain.isascii() and len(plain) <= 2)
        or bool(body_parts(plain) or drug_names(plain) or treatments(plain))
    )


def is_short(word: str) -> bool:
    """Say whether a word is a particle, or so short that it is searched only where it is written like a name."""
    plain = word.casefold()
    return (
        plain not in _LETTER
        and (plain in PARTICLES or len(plain) <= 2)
        and not (body_parts(plain) or drug_names(plain))
    )


def is_ordinary(word: str) -> bool:
    """Say whether a word is common in any text."""
    return word.casefold() in ORDINARY

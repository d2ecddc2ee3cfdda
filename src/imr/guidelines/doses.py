"""Drugs as headings, rationales and records name them, with their doses: several names of one drug are one drug.

The class of a drug, by the Division's own categories, stands in `drugs.py`.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from imr.guidelines.keyword_index import mark

#: A drug a line: its generic name, then brand names and abbreviations.
_SAME = """
acetaminophen tylenol apap paracetamol
alprazolam xanax
amitriptyline elavil
aripiprazole abilify
armodafinil nuvigil
aspirin
baclofen lioresal
betamethasone
buprenorphine butrans suboxone belbuca
bupropion wellbutrin
buspirone buspar
camphor
capsaicin
carisoprodol soma
celecoxib celebrex
chlorzoxazone parafon lorzone
citalopram celexa
clonazepam klonopin
clonidine
codeine
cyclobenzaprine flexeril fexmid tabradol
dendracin
desvenlafaxine pristiq
dexamethasone decadron
dextromethorphan
diazepam valium
diclofenac voltaren cataflam
diphenhydramine benadryl dicopanol
docusate colace
doxepin silenor
duloxetine cymbalta
escitalopram lexapro
esomeprazole nexium
eszopiclone lunesta
etodolac lodine
famotidine pepcid
fentanyl duragesic
fluoxetine prozac
flurbiprofen
gabadone
gabapentin neurontin gralise horizant fanatrex
glucosamine synapryn
hyaluronate hyaluronic synvisc orthovisc supartz euflexxa hyalgan monovisc
hydrocodone norco vicodin lortab
hydromorphone dilaudid
hydroxyzine vistaril atarax
ibuprofen motrin advil
indomethacin indocin
ketamine
ketoprofen
ketorolac toradol
lamotrigine lamictal
lansoprazole prevacid
levetiracetam keppra
lidocaine lidoderm lidopro
lorazepam ativan
lubiprostone amitiza
meloxicam mobic
menthol menthoderm biofreeze
metaxalone skelaxin
methadone
methocarbamol robaxin
methylprednisolone medrol solumedrol
milnacipran savella
mirtazapine remeron
modafinil provigil
morphine kadian mscontin avinza
nabumetone relafen
naloxone narcan evzio
naproxen naprosyn anaprox aleve naprelan
nortriptyline pamelor
omeprazole prilosec
onabotulinumtoxina botox
ondansetron zofran
orphenadrine norflex
oxaprozin daypro
oxcarbazepine trileptal
oxycodone percocet roxicodone oxycontin endocet
oxymorphone opana
pantoprazole protonix
paroxetine paxil
piroxicam feldene
prednisone
pregabalin lyrica
promethazine phenergan
propranolol inderal
quetiapine seroquel
rabeprazole aciphex
ramelteon rozerem
ranitidine zantac deprizine
rizatriptan maxalt
senna senokot
sertraline zoloft
sildenafil viagra
sumatriptan imitrex
tadalafil cialis
tapentadol nucynta
temazepam restoril
terocin
testosterone androgel
theramine
tizanidine zanaflex
topiramate topamax
tramadol ultram ultracet
trazodone desyrel
trepadone
triamcinolone kenalog
venlafaxine effexor
zolpidem ambien
"""
_DOSE = r"(?P<amount>\d+(?:\.\d+)?)(?:\s?[-/]\s?(?P<second>\d+(?:\.\d+)?))?\s?(?P<unit>mg/ml|mg|mcg(?:/hr?)?|milligrams?|micrograms?|grams?|gm|%|units?)(?![a-z])"


@dataclass(frozen=True, slots=True)
class DrugMention:
    """A place in a text that names a drug: its generic name, and the dose and quantity that stand behind it."""

    drug: str
    start: int
    end: int
    dose: str = ""
    quantity: int | None = None


@cache
def _names() -> dict[str, str]:
    """Every name in lower case with the generic name."""
    return {name: line.split()[0] for line in _SAME.strip().splitlines() for name in line.split()}


_WORD = re.compile(r"[A-Za-z]{4,}")
#: The mark of the names of drugs.
DRUGS = mark(rf"(?<![a-z])(?:{'|'.join(_names())})(?![a-z])")
_BEHIND = re.compile(
    rf"(?:[^.;,#/\d]{{0,30}}?{_DOSE})?(?:[^.;]{{0,40}}?(?:#\s?|quantity of |quantity: ?|qty\.? ?)(?P<quantity>\d+))?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def drugs(text: str) -> tuple[DrugMention, ...]:
    """Every drug that the text names, with the dose and the quantity that stand just behind it."""
    names, found = _names(), []
    for word in _WORD.finditer(text):
        drug = names.get(word.group().lower())
        if drug is None:
            continue
        match = _BEHIND.match(text, word.end())
        assert match is not None  # noqa: S101 - both parts of it may be empty
        dose = settled_dose(match["amount"], match["unit"]) if match["amount"] and not match["second"] else ""
        if match["second"]:
            dose = f"{_plain(match['amount'])}/{_plain(match['second'])} {_unit(match['unit'])}"
        quantity = int(match["quantity"]) if match["quantity"] else None
        found.append(DrugMention(drug, word.start(), match.end(), dose, quantity))
    return tuple(found)


def names_of(drug: str) -> tuple[str, ...]:
    """Every name of a drug by its generic name."""
    return tuple(name for name, generic in _names().items() if generic == drug)


def settled_dose(amount: str, unit: str) -> str:
    """A dose in one form: 7.50MG and 7.5 mg are the same."""
    return f"{_plain(amount)} {_unit(unit)}"


def _plain(amount: str) -> str:
    return f"{Decimal(amount).normalize():f}"


def _unit(unit: str) -> str:
    unit = unit.lower()
    return {"milligram": "mg", "milligrams": "mg", "microgram": "mcg", "micrograms": "mcg", "gram": "g", "grams": "g", "gm": "g",
            "mcg/h": "mcg/hr", "unit": "units"}.get(unit, unit)  # fmt: skip

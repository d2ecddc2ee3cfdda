"""Parsing of the name of an organization: a company, a hospital, a fund, an office, a school."""

import re
from dataclasses import dataclass

from imr.identity.folding import folded, is_foreign, sound, spelling

FORMS = frozenset(
    """
    inc incorporated llc llp lp ltd limited co company corp corporation pc apc apmc plc pllc lllp pa the dba na nv ag gmbh sa
    """.split()
)
SMALL = frozenset(("of", "and", "a", "an", "for", "at", "in", "by", "the", "to", "y", "de", "la"))
#: Abbreviations and their full words.
_SHORT = {
    "grp": "group", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "orthopaedic": "orthopedic", "ortho": "orthopedic",
    "orthopaedics": "orthopedics", "paediatric": "pediatric", "paediatrics": "pediatrics", "anaesthesia": "anesthesia",
    "gynaecology": "gynecology", "mfg": "manufacturing", "mfr": "manufacturer", "assoc": "associates", "assocs": "associates",
    "assn": "association", "ctr": "center", "ctrs": "centers", "centre": "center", "cntr": "center", "med": "medical",
    "hosp": "hospital", "hosps": "hospitals", "univ": "university", "dept": "department", "ins": "insurance",
    "svc": "services", "svcs": "services", "serv": "services", "service": "services", "mgmt": "management", "mgt": "management",
    "intl": "international", "natl": "national", "cal": "california", "calif": "california", "ca": "california",
    "dist": "district", "bros": "brothers", "hlth": "health", "phys": "physical", "surg": "surgery", "rehab": "rehabilitation",
    "amer": "american", "admin": "administrators", "adm": "administrators", "adj": "adjusting", "comp": "compensation",
    "cnty": "county", "govt": "government", "tech": "technology", "techs": "technologies", "lab": "laboratory",
    "labs": "laboratories", "pharm": "pharmacy", "inst": "institute", "sys": "systems", "bldg": "building",
    "constr": "construction", "const": "construction", "transp": "transportation", "trans": "transportation", "elec": "electric",
    "eng": "engineering", "equip": "equipment", "ent": "enterprises", "env": "environmental", "mkt": "market", "mkts": "markets",
    "prod": "products", "prods": "products", "dev": "development", "fed": "federal", "gen": "general", "hwy": "highway",
    "indus": "industries", "ind": "industries", "lbr": "lumber", "mut": "mutual", "neuro": "neurology", "psych": "psychiatry",
    "so": "southern", "no": "northern", "sch": "school", "soc": "society", "tpa": "administrators", "unif": "unified",
    "whse": "warehouse", "wc": "compensation", "cmty": "community", "comm": "community", "fam": "family", "pt": "physical therapy",
    "1st": "first", "2nd": "second", "3rd": "third", "one": "1", "two": "2", "three": "3", "n": "north", "s": "south",
    "e": "east", "w": "west", "physio": "physical therapy", "gp": "group",
}  # fmt: skip
#: Words for the kind of an organization, by kind. Words without a kind distinguish very little.
_KINDS = {
    "city": "city", "town": "city", "county": "county", "state": "state", "school": "school", "college": "school",
    "university": "school", "academy": "school", "hospital": "care", "hospitals": "care", "clinic": "care", "clinics": "care",
    "medical": "care", "medicine": "care", "health": "care", "healthcare": "care", "care": "care", "physicians": "care",
    "doctors": "care", "insurance": "insurer", "assurance": "insurer", "indemnity": "insurer", "mutual": "insurer",
    "casualty": "insurer", "claims": "insurer", "adjusting": "insurer", "adjusters": "insurer", "administrators": "insurer",
    "compensation": "insurer", "underwriters": "insurer",
}  # fmt: skip
#: Words for the business of an organization: they show that a name is an organization's, and distinguish it from others.
_TRADES = frozenset(
    """
    surgery surgical therapy rehabilitation pharmacy attorneys restaurant store stores market trucking construction packing
    manufacturing imaging radiology orthopedic orthopedics orthopaedic orthopaedics spine pain laboratory laboratories staffing
    logistics transportation farms dairy bakery foods electric plumbing roofing security landscaping motors airlines hotel bank
    """.split()
)
_OF_NO_KIND = frozenset(
    """
    group associates association partners partnership services systems center centers institute management solutions holdings
    enterprises international california department division district office offices foundation fund network practice
    corporation company team usa industries products brothers sons unified agency authority bureau trust professional
    professionals organization plan program programs society union
    """.split()
)
#: Words so common in names of organizations that alone they distinguish none.
_WEAK = frozenset(
    """
    american america national first united general pacific western eastern northern southern central valley bay best premier
    advanced golden coast coastal west east north south new great global universal allied premium select quality total
    physical express complete family community regional preferred integrated
    """.split()
)
#: Words that show that a name is an organization's.
ORGANIZATION_WORDS = (
    frozenset(_KINDS) | _OF_NO_KIND | _TRADES | frozenset(_SHORT) | (FORMS - {"pa", "sa", "ag", "na"})
) - frozenset(
    "the sons law st mt ft pt 1st 2nd 3rd gp ca cal so no n s e w gen ste comp trans const one two three eng ent lab fam prod dev ind inst comm phys".split()
)
_OF_KIND = re.compile(
    r"\ba (?:professional|medical|dental|chiropractic|california|law)(?: \w+)? (?:corporation|corp|group)\b"
)
_DOTTED = re.compile(r"\b(?:[a-z]\.\s?){2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrganizationName:
    """A parsed name of an organization. `words` are all but legal forms; `telling` are the distinctive ones.

    `stems` are the stems of `words`, and `telling_stems` those of `telling`; `joined` are the letters of the whole name. `letters`
    are words in capitals that may be the initials of others.
    """

    words: tuple[str, ...]
    telling: tuple[str, ...]
    stems: tuple[str, ...]
    telling_stems: tuple[str, ...]
    joined: str
    numbers: frozenset[str]
    kinds: frozenset[str]
    letters: frozenset[str]
    foreign: bool


def parse(text: str) -> OrganizationName | None:
    """Parse the name of an organization; None if the text is empty."""
    said = folded(_DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", text))
    said = _OF_KIND.sub(" ", said)
    written = said.split()
    raw = {
        folded(token)
        for token in re.split(r"[^\w&.]+", text.replace(".", ""))
        if token.isupper() and 1 < len(token) < 7
    }
    words: list[str] = []
    for word in written:
        if word in FORMS or word in SMALL:
            continue
        words.extend(_SHORT.get(word, word).split() if len(written) > 1 else [word])
    words = words or [word for word in written if word not in SMALL] or written
    if not words:
        return None
    kinds = frozenset(_KINDS[word] for word in words if word in _KINDS)
    telling = tuple(word for word in words if word not in _KINDS and word not in _OF_NO_KIND) or tuple(words)
    return OrganizationName(
        words=tuple(words),
        telling=telling,
        stems=tuple(map(stem, words)),
        telling_stems=tuple(map(stem, telling)),
        joined="".join(words),
        numbers=frozenset(word for word in words if word.isdigit()),
        kinds=kinds,
        letters=frozenset(raw & set(words)),
        foreign=is_foreign(text),
    )


def stem(word: str) -> str:
    """Give a word without an ending that distinguishes nothing."""
    return spelling(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word)


def is_weak(words: frozenset[str]) -> bool:
    """Say whether all words are so common in names of organizations that they distinguish none."""
    return words <= _WEAK_STEMS


_WEAK_STEMS = frozenset(map(stem, _WEAK))


def first_letters(body: OrganizationName) -> frozenset[str]:
    """Give the initials by which an organization of several words may be called."""
    letters = "".join(word[0] for word in body.words)
    return frozenset(letters[:n] for n in range(2, min(len(letters), 7) + 1))


def keys(body: OrganizationName) -> tuple[frozenset[str], frozenset[str]]:
    """Give the keys under which an organization is stored and those by which it is looked up."""
    lead, numbers = sound(body.telling_stems[0]), " ".join(sorted(body.numbers))
    both = {
        f"s:{' '.join(sorted(map(sound, body.stems)))}",
        f"t:{' '.join(sorted(map(sound, body.telling_stems)))}",
        f"j:{body.joined}",
    }
    both.add(f"b:{lead}#{numbers}")
    short = {f"A:{word}" for word in body.letters} | ({f"A:{body.words[0]}"} if len(body.words) == 1 else set())
    long = {f"a:{letters}" for letters in first_letters(body)}
    kept, sought = both | short | long, both | {_turned(key) for key in short | long}
    # A name without a number may be that of one with any number.
    kept.add(f"b:{lead}#*" if numbers else f"b:{lead}#")
    sought.add(f"b:{lead}#" if numbers else f"b:{lead}#*")
    return frozenset(kept), frozenset(sought)


def _turned(key: str) -> str:
    return ("a" if key[0] == "A" else "A") + key[1:]

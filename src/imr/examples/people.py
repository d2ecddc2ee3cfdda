"""Invented people, employers, administrators and physicians.

Names are made of invented syllables; telephone numbers are in the range 555-0100 to 555-0199, which is reserved for
fiction; provider identifiers have a valid check digit and begin with a range that is not assigned here.
"""

from datetime import date, timedelta
from random import Random

from imr.case.application import (
    Address,
    ClaimsAdministrator,
    Designee,
    Employee,
    EmployeeAttorney,
    RequestingPhysician,
)

_FIRST = (
    "Adela Amrit Anouk Arlo Benita Bram Calla Ciro Dagny Darian Edda Elio Fenna Fadil Greta Gideon Halima Hollis Imre Inez "
    "Jarek Jovana Kenji Kalila Lazlo Liesel Maren Milo Nadia Nils Odile Orson Petra Quillon Ramona Rafiq Sanna Silvan Tamsin "
    "Teodor Ulla Umberto Vesna Viggo Wanda Willem Xenia Yara Yusuf Zelda"
).split()
_HEAD = "Alder Birch Cask Dell Elder Fallow Garn Hazel Ister Juni Kestrel Lorn Mallow Nettle Oaken Pell Quarr Rowan Sorrel Thistle Umber Vetch Wick Yarrow".split()
_TAIL = (
    "by combe croft dale fen ford garth holm hurst ley mere more quist row shaw stead thorne vale wick worth".split()
)
_STREETS = "Invented Fabled Storied Imagined Penciled Papered Notional Supposed".split()
_STREET_KINDS = "Street Avenue Road Lane Way Court".split()
_CITIES = (
    ("Almost Springs", "90001"),
    ("Fable Beach", "90302"),
    ("Inkwell", "92101"),
    ("Notional City", "93301"),
    ("Paperville", "94102"),
    ("Sample Valley", "95814"),
    ("Storyton", "96001"),
)
_TRADES = "Bakery Builders Cannery Carpentry Carriers Catering Cleaning Farms Foundry Freight Gardens Grocers Laundry Lumber Movers Orchards Press Produce School Stores Transit Warehouse".split()
_CLAIMS = "Claims Services|Claims Management|Mutual Administrators|Adjusting|Risk Services".split("|")
_PRACTICES = "Medical Group|Orthopedics|Spine and Joint|Pain and Rehabilitation|Occupational Health|Clinic".split("|")
_NETWORKS = "Provider Network|Care Network".split("|")
_REVIEWERS = "Utilization Review|Review Associates|Medical Management".split("|")

Name = tuple[str, str]


def chance(kind: str, seed: int) -> Random:
    """Make a random source from a kind of example and a seed."""
    return Random(f"{kind} {seed}")


def name(draw: Random) -> Name:
    """Draw a first and a last name."""
    return draw.choice(_FIRST), draw.choice(_HEAD) + draw.choice(_TAIL)


def house(draw: Random) -> str:
    """Draw the family name of a firm."""
    return draw.choice(_HEAD) + draw.choice(_TAIL)


def address(draw: Random) -> Address:
    """Draw a postal address in a town that does not exist."""
    city, code = draw.choice(_CITIES)
    street = f"{draw.randrange(100, 9900)} {draw.choice(_STREETS)} {draw.choice(_STREET_KINDS)}"
    return Address(street=street, city=city, zip=code)


def phone(draw: Random) -> str:
    """Draw a telephone number in the range reserved for fiction."""
    return f"({draw.choice((209, 310, 415, 530, 619, 714, 805, 916))}) 555-01{draw.randrange(100):02d}"


def npi(draw: Random) -> str:
    """Draw a national provider identifier with a valid check digit (Luhn over 80840 and the number)."""
    digits = f"1{draw.randrange(100_000_000):08d}"
    total = 24
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return f"{digits}{-total % 10}"


def employee(seed: int) -> Employee:
    """Make an injured employee."""
    draw = chance("employee", seed)
    first, last = name(draw)
    return Employee(
        first_name=first,
        middle_name=draw.choice("ABCDEFGHJKLMNPRSTW") if draw.random() < 0.3 else "",
        last_name=last,
        address=address(draw),
        phone=phone(draw),
        born_on=date(1950, 1, 1) + timedelta(days=draw.randrange(48 * 365)),
    )


def attorney(seed: int) -> EmployeeAttorney:
    """Make an employee's attorney."""
    draw = chance("attorney", seed)
    first, last = name(draw)
    firm = f"{last} & {house(draw)}, Attorneys"
    return EmployeeAttorney(
        first_name=first, last_name=last, firm=firm, address=address(draw), phone=phone(draw), fax=phone(draw)
    )


def designee(seed: int, on: date) -> Designee:
    """Make a person whom an employee designated, on a day, to file."""
    draw = chance("designee", seed)
    first, last = name(draw)
    relation = draw.choice(("spouse", "parent", "daughter", "brother", "guardian"))
    return Designee(first_name=first, last_name=last, relation=relation, designated_on=on, phone=phone(draw))


def employer(seed: int) -> str:
    """Make an employer."""
    draw = chance("employer", seed)
    return f"{house(draw)} {draw.choice(_TRADES)}"


def administrator(seed: int) -> ClaimsAdministrator:
    """Make a claims administrator with an adjuster."""
    draw = chance("administrator", seed)
    return ClaimsAdministrator(
        company=f"{house(draw)} {draw.choice(_CLAIMS)}",
        contact=" ".join(name(draw)),
        address=address(draw),
        phone=phone(draw),
        fax=phone(draw),
    )


def ur_organization(seed: int) -> str:
    """Make a utilization review organization."""
    draw = chance("ur organization", seed)
    return f"{house(draw)} {draw.choice(_REVIEWERS)}"


def provider_network(seed: int) -> str:
    """Make a medical provider network."""
    draw = chance("network", seed)
    return f"{house(draw)} {draw.choice(_NETWORKS)}"


def physician(seed: int, specialty: str = "Physical Medicine & Rehabilitation") -> RequestingPhysician:
    """Make a requesting physician."""
    draw = chance("physician", seed)
    first, last = name(draw)
    return RequestingPhysician(
        first_name=first,
        last_name=last,
        practice=f"{house(draw)} {draw.choice(_PRACTICES)}",
        specialty=f"M.D., {specialty}",
        address=address(draw),
        phone=phone(draw),
        fax=phone(draw),
        npi=npi(draw),
    )

"""The register of reviewers as a CSV file: a row a fact, for spreadsheets and people.

Column `reviewer` names the reviewer, `fact` the kind of fact; the other columns are the fields of that kind, and stay
empty if it has none. `read_roster(write_roster(members)).members == members`. Each row that does not fit is reported
with its column and its text, and nothing of the file is imported while there is one.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from functools import cache
from typing import Any, get_type_hints

from imr import spreadsheets
from imr.errors import ImrError
from imr.law.npi import npi_is_valid
from imr.law.reviewers import Affiliation, BoardCertification, Discipline, Licence, Practice, Reviewer, Verified
from imr.panel.csv_cells import from_cell, to_cell
from imr.panel.roster import Absence, Experience, PanelMember, ReviewFee

#: Each kind of row: the class of its value, the field that holds it, and whether that is a field of the law's record.
_FACTS: Mapping[str, tuple[type, str, bool]] = {
    "licence": (Licence, "licences", True),
    "board": (BoardCertification, "boards", True),
    "practice": (Practice, "practice", True),
    "discipline": (Discipline, "discipline", True),
    "affiliation": (Affiliation, "affiliations", True),
    "experience": (Experience, "experience", False),
    "absence": (Absence, "absences", False),
    "fee": (ReviewFee, "fees", False),
}
_HELD = {"id", "reviewer", *(held for _, held, _ in _FACTS.values())}
_PERSON = tuple(f.name for f in fields(Reviewer) if f.name not in _HELD)
_MEMBER = tuple(f.name for f in fields(PanelMember) if f.name not in _HELD)
_VERIFIED = ("verified_source", "verified_on")
#: Whether discipline was looked up. Empty means that nobody has looked, which is not a clean record.
_LOOKED = "discipline"
_NONE_FOUND, _FOUND = "none found", "found"


@cache
def _named(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(cls) if f.name != "verified")


COLUMNS = tuple(
    dict.fromkeys(
        (
            *("reviewer", "fact", *_PERSON, *_MEMBER, _LOOKED),
            *(name for cls, _, _ in _FACTS.values() for name in _named(cls)),
            *_VERIFIED,
        )
    )
)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that does not fit: its number (the header is row 1), the column, what to do, and the row as given."""

    row: int
    column: str
    message: str
    text: str = ""

    def __str__(self) -> str:
        return f"row {self.row}{f', column {self.column}' if self.column else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The contents of a file of reviewers: its records in the order of the file, and every problem."""

    members: tuple[PanelMember, ...]
    problems: tuple[RowProblem, ...]

    def whole(self) -> tuple[PanelMember, ...]:
        """Give the records of a file without problems. Raises ImrError with every problem if there is any."""
        if self.problems:
            listed = "\n".join(f"  {problem}" for problem in self.problems)
            raise ImrError(f"nothing was imported from the file; correct these rows first:\n{listed}")
        return self.members


class _Misfit(Exception):
    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def write_roster(members: Iterable[PanelMember]) -> str:
    """Give the records as CSV."""
    rows = (row for member in members for row in _rows(member))
    return spreadsheets.write(COLUMNS, ([row.get(name, "") for name in COLUMNS] for row in rows))


def _rows(member: PanelMember) -> Iterator[dict[str, str]]:
    reviewer = member.reviewer
    looked = "" if reviewer.discipline is None else _FOUND if reviewer.discipline else _NONE_FOUND
    yield {
        "reviewer": reviewer.id,
        "fact": "reviewer",
        **{name: to_cell(getattr(reviewer, name)) for name in _PERSON},
        **{name: to_cell(getattr(member, name)) for name in _MEMBER},
        _LOOKED: looked,
    }
    for fact, (cls, held, by_law) in _FACTS.items():
        for value in getattr(reviewer if by_law else member, held) or ():
            row = {"reviewer": reviewer.id, "fact": fact}
            row |= {name: to_cell(getattr(value, name)) for name in _named(cls)}
            verified = getattr(value, "verified", None)
            if verified is not None:
                row |= dict(zip(_VERIFIED, (verified.source, to_cell(verified.on)), strict=True))
            yield row


def read_roster(text: str) -> RosterFile:
    """Give the records of a CSV file, and every row and column that does not fit."""
    rows = spreadsheets.read(text)
    line = 1
    problems: list[RowProblem] = []
    records: dict[str, _Record] = {}
    try:
        _, header = next(rows, (1, []))
        problems.extend(_header_problems(header))
        for line, cells in rows if not problems else ():
            if any(cell.strip() for cell in cells):
                try:
                    _take(records, line, header, cells)
                except _Misfit as misfit:
                    problems.append(RowProblem(line, misfit.column, str(misfit), ",".join(cells)))
    except csv.Error as error:
        problems.append(RowProblem(line + 1, "", f"this is not CSV: {error}"))
    members = []
    for who, record in records.items():
        try:
            members.append(record.member(who))
        except _Misfit as misfit:
            if not any(problem.row == record.row for problem in problems):
                problems.append(RowProblem(record.row, misfit.column, str(misfit)))
    return RosterFile(tuple(members), tuple(sorted(problems, key=lambda problem: (problem.row, problem.column))))


def _header_problems(header: list[str]) -> Iterator[RowProblem]:
    for name in ("reviewer", "fact"):
        if name not in header:
            yield RowProblem(1, name, "this column is missing: add it", ",".join(header))
    for name in dict.fromkeys(header):
        if name not in COLUMNS:
            yield RowProblem(1, name, f"there is no such column; the columns are {', '.join(COLUMNS)}")
        elif header.count(name) > 1:
            yield RowProblem(1, name, "this column is given more than once")


@dataclass(slots=True)
class _Record:
    """The data of the rows of one reviewer so far. `row` is the first of them."""

    row: int
    person: dict[str, Any] | None = None
    panel: dict[str, Any] = field(default_factory=dict)
    looked: str = ""
    facts: dict[str, list[Any]] = field(default_factory=dict)

    def member(self, who: str) -> PanelMember:
        if self.person is None:
            raise _Misfit("reviewer", f"{who} has facts, but no fitting row of the kind reviewer")
        held: dict[str, Any] = {name: tuple(self.facts.get(name, ())) for _, name, _ in _FACTS.values()}
        if bool(held["discipline"]) != (self.looked == _FOUND):
            raise _Misfit(
                _LOOKED, f"write {_FOUND} if there are rows of the kind discipline, and {_NONE_FOUND} if there are none"
            )
        by_law: dict[str, Any] = {name: held.pop(name) for _, name, law in _FACTS.values() if law}
        if not self.looked:
            by_law["discipline"] = None
        return PanelMember(reviewer=Reviewer(id=who, **self.person, **by_law), **self.panel, **held)


def _take(records: dict[str, _Record], number: int, header: list[str], cells: list[str]) -> None:
    if len(cells) != len(header):
        raise _Misfit("", f"{len(header)} cells are expected, not {len(cells)}")
    row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    who, fact = row["reviewer"], row["fact"]
    if not who:
        raise _Misfit("reviewer", "the number of a reviewer is expected")
    record = records.setdefault(who, _Record(number))
    if fact == "reviewer":
        _take_person(record, who, row)
    elif fact in _FACTS:
        cls, held, _ = _FACTS[fact]
        record.facts.setdefault(held, []).append(_fact(cls, row))
    else:
        raise _Misfit("fact", f"{fact!r} is not a kind of fact; the kinds are reviewer, {', '.join(_FACTS)}")


def _take_person(record: _Record, who: str, row: dict[str, str]) -> None:
    if record.person is not None:
        raise _Misfit("reviewer", f"{who} has a row of this kind already")
    _no_other(row, (*_PERSON, *_MEMBER, _LOOKED))
    if row.get(_LOOKED, "") not in ("", _FOUND, _NONE_FOUND):
        raise _Misfit(_LOOKED, f"leave it empty if nobody has looked, or write {_FOUND} or {_NONE_FOUND}")
    if row.get("npi") and not npi_is_valid(row["npi"]):
        raise _Misfit(
            "npi",
            f"{row['npi']!r} is not a National Provider Identifier: ten digits, of which the last checks the others",
        )
    person, panel = _values(Reviewer, _PERSON, row), _values(PanelMember, _MEMBER, row)
    record.person, record.panel, record.looked = person, panel, row.get(_LOOKED, "")


def _fact(cls: type, row: dict[str, str]) -> Any:
    verifiable = any(f.name == "verified" for f in fields(cls))
    _no_other(row, (*_named(cls), *(_VERIFIED if verifiable else ())))
    values = _values(cls, _named(cls), row)
    source, on = (row.get(name, "") if verifiable else "" for name in _VERIFIED)
    if source or on:
        if not (source and on):
            raise _Misfit(_VERIFIED[bool(source)], "give both the source and the day of a verification, or neither")
        values["verified"] = Verified(source=source, on=_convert(date, "verified_on", on))
    return cls(**values)


def _no_other(row: dict[str, str], allowed: tuple[str, ...]) -> None:
    for column, cell in row.items():
        if cell and column not in ("reviewer", "fact", *allowed):
            raise _Misfit(column, f"a row of the kind {row['fact']} has no value in this column: empty the cell")


def _values(cls: type, names: Iterable[str], row: dict[str, str]) -> dict[str, Any]:
    hints, values = get_type_hints(cls), {}
    needed = {f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING}
    for name in names:
        cell = row.get(name, "")
        if cell:
            values[name] = _convert(hints[name], name, cell)
        elif name in needed:
            raise _Misfit(name, "this value is required")
    return values


def _convert(hint: Any, column: str, cell: str) -> Any:
    try:
        return from_cell(hint, cell)
    except ImrError as error:
        raise _Misfit(column, str(error)) from None

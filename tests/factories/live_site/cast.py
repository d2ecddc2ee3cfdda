"""Who takes part in a whole day: invented people of every role, employees whose names are written in six scripts."""

from dataclasses import dataclass

from imr.law.terms import Role

PASSWORD = "an invented password of a whole day"
ADMINISTRATOR = "Wholly Fictive Claims"


@dataclass(frozen=True)
class Member:
    """An account: its address and roles; for an employee also the name as the application gives it."""

    email: str
    roles: tuple[Role, ...]
    first: str = ""
    last: str = ""
    reviewer: str = ""
    organization: str = ""


#: The two reviewers of the day, as the panel knows them.
PANEL = {"W00001": ("Quenby", "Zaltanquist"), "W00002": ("Tiberia", "Vossenwald")}

#: Employees, by the script of their names.
EMPLOYEES = {
    "Han": ("小明", "王虚构"),
    "Hangul": ("민서", "김가상"),
    "Gurmukhi": ("ਹਰਪ੍ਰੀਤ", "ਕਾਲਪਨਿਕ"),
    "Khmer": ("ដារ៉ា", "សុខប្រឌិត"),
    "Thai": ("สมชาย", "สมมติกุล"),
    "Arabic": ("ليلى", "الخيالي"),
}

CAST = {
    **{script: Member(f"{script.lower()}@example.com", (Role.EMPLOYEE,), *name) for script, name in EMPLOYEES.items()},
    "attorney": Member("day-attorney@example.com", (Role.EMPLOYEE_ATTORNEY,)),
    "adjuster": Member("day-adjuster@example.com", (Role.CLAIMS_ADMINISTRATOR,), organization=ADMINISTRATOR),
    "physician": Member("day-physician@example.com", (Role.REQUESTING_PHYSICIAN,)),
    "intake": Member("day-intake@example.com", (Role.INTAKE,)),
    "coordinator": Member("day-coordinator@example.com", (Role.COORDINATOR,)),
    "quality": Member("day-quality@example.com", (Role.QUALITY,)),
    "division": Member("day-division@example.com", (Role.DIVISION,)),
    "reviewer": Member("day-reviewer@example.com", (Role.REVIEWER,), reviewer="W00001"),
    "second reviewer": Member("day-reviewer2@example.com", (Role.REVIEWER,), reviewer="W00002"),
}

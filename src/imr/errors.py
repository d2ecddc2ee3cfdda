"""What can go wrong, as a caller would tell it apart.

A class stands here only where a caller would act differently::

    ImrError                exit 1   anything that this system refuses or cannot do, with the way out in its message
    ├── SetupError          exit 9   what only who runs this system can set right: a folder, a server, a setting; may name paths
    ├── Refused             exit 2   a step or an application that the law refuses; carries the findings
    ├── NotInForce          exit 3   a rule that had no known text on that day; nothing is guessed
    ├── Unwritable          exit 4   a determination that cannot be written so that it reads back the same
    ├── Infeasible          exit 5   cases that nobody on the panel may review; carries them
    ├── Damaged             exit 6   a file or a chain of events that is broken; carries the place
    ├── Unreadable          exit 7   an input that is not what it must be (not a PDF, encrypted, wrong encoding)
    └── Unavailable         exit 8   something that is busy or away now; the same may succeed in a minute

Messages are public: clear, short, complete, with the way out. No traceback reaches a person.
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol


class Reasoned(Protocol):
    """A finding as a message needs it: its sentence in plain words, with its citation."""

    def __str__(self) -> str: ...


class ImrError(Exception):
    """Something that this system refuses or cannot do. The message says what to do about it."""

    exit_code: ClassVar[int] = 1


class SetupError(ImrError):
    """Something that only who runs this system can set right. Its message may name paths, and is shown to nobody else."""

    exit_code = 9


class Refused(ImrError):
    """The law, or the state of a case, does not allow this. Carries the findings that say why."""

    exit_code = 2

    def __init__(self, message: str, findings: Sequence[Reasoned] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class NotInForce(ImrError):
    """No known text of a rule governed on that day. The message says which, and why it is not known."""

    exit_code = 3


class Unwritable(ImrError):
    """A determination that no letter can say so that it reads back the same."""

    exit_code = 4


class Infeasible(ImrError):
    """Cases that nobody on the panel may review. Carries the case numbers."""

    exit_code = 5

    def __init__(self, message: str, cases: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.cases = tuple(cases)


class Damaged(ImrError):
    """A file, or a chain of events, that is broken. Carries the place: a page or an event, counted from 1."""

    exit_code = 6

    def __init__(self, message: str, place: int | None = None) -> None:
        super().__init__(message)
        self.place = place


class Unreadable(ImrError):
    """An input that is not what it must be: not a PDF, encrypted, in the wrong encoding, without a text layer."""

    exit_code = 7


class Unavailable(ImrError):
    """Something that this needs is busy or away now. The same may succeed a minute later."""

    exit_code = 8

"""Errors of this project, as far as a caller must distinguish them.

There is a class only where a caller would act differently::

    ImrError                exit 1   anything that this system refuses or cannot do; the message says what to do
    ├── SetupError          exit 9   a problem that only the operator can fix: a folder, a server, a setting; may name paths
    ├── Refused             exit 2   a step or an application that the law refuses; carries the findings
    ├── NotInForce          exit 3   a rule without a known text on that day; nothing is guessed
    ├── Unwritable          exit 4   a determination that cannot be written so that it reads back the same
    ├── Infeasible          exit 5   cases that nobody on the panel may review; carries their numbers
    ├── Damaged             exit 6   a file or a chain of events that is broken; carries the place
    ├── Unreadable          exit 7   an input that is not what it must be (not a PDF, encrypted, wrong encoding)
    └── Unavailable         exit 8   a service that is busy or down now; the same may succeed in a minute

Messages are public: clear, short, complete, with what to do. No traceback reaches a person.
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol


class Reasoned(Protocol):
    """A finding as a message needs it: a sentence in plain words with its citation."""

    def __str__(self) -> str: ...


class ImrError(Exception):
    """A refusal or failure of this system. The message says what to do about it."""

    exit_code: ClassVar[int] = 1


class SetupError(ImrError):
    """A problem that only the operator can fix. Its message may name paths, and is shown to nobody else."""

    exit_code = 9


class Refused(ImrError):
    """A refusal by the law, or by the state of a case. Carries the findings with the reasons."""

    exit_code = 2

    def __init__(self, message: str, findings: Sequence[Reasoned] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class NotInForce(ImrError):
    """A rule without a known text on a day. The message names it, and says why the text is not known."""

    exit_code = 3


class Unwritable(ImrError):
    """A determination that cannot be written as a letter so that it reads back the same."""

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
    """An input of the wrong form: not a PDF, encrypted, in the wrong encoding, without a text layer."""

    exit_code = 7


class Unavailable(ImrError):
    """A service that is busy or down. The same call may succeed a minute later."""

    exit_code = 8

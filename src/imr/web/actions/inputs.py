"""The facts of a step as they come in: values as stated, documents by digest, and what the system supplies."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from enum import Enum

from django.core.files.uploadedfile import UploadedFile

from imr.case.chain import Recorded
from imr.case.context import StepContext
from imr.case.document_types import DocumentType
from imr.case.file import FiledRecord
from imr.case.marks import (
    Attachment,
    Input,
    OfficeInput,
    Provided,
    RecordUploads,
    SystemValue,
    facts_stated_by,
    marks,
)
from imr.case.provider import supply
from imr.case.state import Case
from imr.case.step import Step
from imr.case.text_limits import TURNING, composed
from imr.errors import Refused, Unreadable
from imr.law.roles import PARTIES
from imr.law.terms import RecordKind, Role
from imr.plain import canonical
from imr.web.actions.provided_facts import SiteFacts
from imr.web.actions.reviewer_privacy import reject_if_names_reviewer
from imr.web.actions.stored_documents import store_document
from imr.web.case_files.generated_documents import GeneratedDocument
from imr.web.models import DocumentRow, PersonRow
from imr.web.store import cases
from imr.web.store.documents import JSON, InspectedUpload, Upload, UploadRejected, inspect


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInput:
    """Who gave which facts. `came` collects the documents of a batch, `refused` its files that were not accepted."""

    user: PersonRow | None
    facts: Mapping[str, object]
    came: list[Upload] = field(default_factory=list)
    refused: list[UploadRejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document of a step: stored, before its row is entered."""

    looked: InspectedUpload
    paper: DocumentType
    kind: str
    title: str
    mental_health: bool = False

    @classmethod
    def uploaded(cls, upload: Upload, paper: DocumentType) -> "StoredDocument":
        """Store a document that a person sent. Raises UploadRejected where it cannot be accepted."""
        looked = inspect(upload)
        store_document(upload.data)
        kind = upload.kind.value if upload.kind else paper.value
        return cls(looked=looked, paper=paper, kind=kind, title=kind, mental_health=upload.mental_health)

    @classmethod
    def valued(cls, value: object, paper: DocumentType) -> "StoredDocument":
        """Store a value that a person stated, as a document of its own."""
        data = canonical(value).encode()
        looked = InspectedUpload(digest=store_document(data), media_type=JSON, size=len(data), pages=None)
        return cls(looked=looked, paper=paper, kind=paper.value, title=paper.value)

    @classmethod
    def made(cls, made: GeneratedDocument) -> "StoredDocument":
        """Store a document that the system generated."""
        looked = InspectedUpload(
            digest=store_document(made.data), media_type=made.media_type, size=len(made.data), pages=made.pages
        )
        return cls(
            looked=looked, paper=made.paper, kind=made.paper.value, title=made.title, mental_health=made.mental_health
        )

    def enter(self, number: str, context: StepContext, user: PersonRow | None, sender: Role | None) -> None:
        """Enter the row of this document into a case. Where there is one already, the stricter mark of the two counts."""
        row, new = DocumentRow.objects.get_or_create(
            case=number,
            digest=self.looked.digest,
            defaults={
                "paper": self.paper.value,
                "kind": self.kind,
                "mental_health": self.mental_health,
                "title": self.title,
                "media_type": self.looked.media_type,
                "size": self.looked.size,
                "pages": self.looked.pages,
                "scripted": self.looked.scripted,
                "sender": (sender or context.actor.role).value,
                "sent_by": user,
                "at": context.at,
            },
        )
        if not new and self.mental_health and not row.mental_health:
            row.mental_health = True
            row.save(update_fields=["mental_health"])


#: Control characters of a screen, except white space, and of the direction of writing: they are invisible, and may hide the
#: text.
_UNSEEN = re.compile(f"[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f{TURNING}]")
#: Characters that no text has and no database stores: NUL, and half of a surrogate pair.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


def unseen_removed(text: str) -> str:
    """Return a text without invisible characters."""
    return _UNSEEN.sub("", text)


def reject_unreadable(value: object) -> object:
    """Return a stated fact in the composed form of Unicode (NFC), without invisible characters.

    Raises Unreadable for a character that cannot be stored, and for a text that would take long to compose.
    """
    if isinstance(value, str) and not isinstance(value, Enum):
        if found := _NO_TEXT.search(value):
            name = f"U+{ord(found[0]):04X}"
            raise Unreadable(
                f"a value contains a character that cannot be stored ({name}): remove it, then send it again"
            )
        try:
            return composed(unseen_removed(value))
        except ValueError as error:
            raise Unreadable(f"a value cannot be read: {error}") from None
    if isinstance(value, list | tuple):
        return type(value)(map(reject_unreadable, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: reject_unreadable(getattr(value, each.name)) for each in fields(value) if each.init}
        )
    return value


def step_facts(
    known: Step,
    context: StepContext,
    case: Case,
    history: tuple[Recorded, ...],
    step_input: StepInput,
    papers: list[StoredDocument],
) -> object:
    """Return the facts of a step in the form that it takes: values as stated, documents by digest, and what the system supplies."""
    marked = marks(known.facts)
    unknown = sorted(set(step_input.facts) - set(marked))
    if unknown:
        raise Refused(f"{known.title}: this step has no {', '.join(unknown)}")
    if step_input.user is not None:  # the background tasks of the site bring what they made
        _insist_stated(known, context.actor.role, step_input)
    provider = SiteFacts(context=context, case=case, stated=step_input.facts, user=step_input.user, history=history)
    values: dict[str, object] = {}
    for name, (_, mark) in marked.items():
        match mark:
            case RecordUploads():
                values[name] = tuple(_records(step_input, name, papers))
            case Provided(source=source):
                values[name] = supply(provider, source)
            case Attachment(kept_as=kept_as) if step_input.facts.get(name):
                upload = _upload(step_input.facts[name])
                reject_if_names_reviewer(upload, kept_as, context, cases.who_reviewed(case))
                values[name] = _filed(upload, kept_as, papers)
            case Attachment():
                values[name] = ""
            case OfficeInput() if context.actor.role in PARTIES:
                _record(name, mark, context, step_input, values)
            case Input() if name in step_input.facts:
                values[name] = step_input.facts[name]
                if mark.kept_as is not None and values[name] is not None:
                    papers.append(StoredDocument.valued(values[name], mark.kept_as))
    _insist_whole(known, values)
    return known.facts(**values)


def _insist_stated(known: Step, role: Role, step_input: StepInput) -> None:
    """Refuse a fact that this role may not state. What the system records is compared with what was stated (`_record`)."""
    allowed = facts_stated_by(known.facts, role)
    for name, (_, mark) in marks(known.facts).items():
        if name not in allowed and step_input.facts.get(name) and not isinstance(mark, OfficeInput):
            raise Refused(f"{known.title}: the {role.value} does not state “{mark.title or name}”: leave it out")


def _record(
    name: str, mark: OfficeInput, context: StepContext, step_input: StepInput, values: dict[str, object]
) -> None:
    """Record a fact of a party's own step. A party that states another value is refused: the office records this fact."""
    if step_input.facts.get(name) is not None and not mark.matches_system(step_input.facts[name], context):
        raise Refused(f"{mark.title}: the system or the review organization records this: leave it out")
    if mark.system is not SystemValue.NOTHING:
        values[name] = mark.system_value(context)


def _insist_whole(known: Step, values: Mapping[str, object]) -> None:
    marked = marks(known.facts)
    needed = [f.name for f in fields(known.facts) if f.default is MISSING and f.default_factory is MISSING]
    missing = [marked[name][1].title or name for name in needed if values.get(name) is None and name not in values]
    if missing:
        raise Refused(f"{known.title}: still needed: {', '.join(missing)}")


def _upload(value: object) -> Upload:
    if isinstance(value, UploadedFile):
        return Upload.of(value)
    if not isinstance(value, Upload):
        raise TypeError(f"a document is expected as an Upload or an UploadedFile, not {type(value).__name__}")
    return value


def _uploads(value: object) -> Iterable[object]:
    """Return the documents of a batch; none where none were sent."""
    return value if isinstance(value, Iterable) else ()


def _filed(upload: Upload, paper: DocumentType, papers: list[StoredDocument]) -> str:
    kept = StoredDocument.uploaded(upload, paper)
    papers.append(kept)
    return kept.looked.digest


def _records(step_input: StepInput, name: str, papers: list[StoredDocument]) -> Iterator[FiledRecord]:
    """Store the documents of a batch, also out of a ZIP. One that is refused does not undo the others, unless none is left."""
    for item in _uploads(step_input.facts.get(name)):
        try:
            step_input.came.extend(_upload(item).documents())
        except UploadRejected as error:
            step_input.refused.append(error)
    taken = 0
    for upload in step_input.came:
        try:
            kept = StoredDocument.uploaded(upload, DocumentType.RECORD)
        except UploadRejected as error:
            step_input.refused.append(error)
            continue
        papers.append(kept)
        taken += 1
        yield FiledRecord(
            digest=kept.looked.digest,
            kind=upload.kind or RecordKind.OTHER,
            pages=kept.looked.pages,
            dated_on=upload.dated_on,
        )
    if not taken and step_input.refused:
        raise step_input.refused[0]

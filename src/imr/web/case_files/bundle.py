"""Builds the bundle of a case in the background: the case file as one PDF, and its certificate of completeness.

Bundling a thousand scanned pages takes seconds, in which nobody must wait for the case: the PDF is made outside of any lock,
and `actions.bundling` records it only where the case file has not changed meanwhile.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from imr.case.context import Actor
from imr.case.decide import offered_steps
from imr.case.digests import digest_of_bytes
from imr.case.document_types import DocumentType
from imr.case.duties import documents_owed
from imr.case.state import Case
from imr.case.steps.bundle import CaseFileBundle
from imr.case.steps.records import kinds_in, may_be_released
from imr.law.terms import Role
from imr.records import completeness
from imr.web.case_files import ingestion
from imr.web.case_files.generated_documents import GeneratedDocument
from imr.web.store import cases, failures, job_queue
from imr.web.store.documents import PDF, TEXT

#: The step that records a bundle, and the job that builds it (`actions.bundling`).
STEP = JOB = "bind-case-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedBundle:
    """What was bundled, and the two documents made of it."""

    bound: CaseFileBundle
    papers: tuple[GeneratedDocument, ...]


def is_due(case: Case) -> bool:
    """Return whether a case waits for its bundle."""
    return any(step.name == STEP for step in offered_steps(case, Actor(role=Role.CLOCK, id="clock")))


def enqueue(number: str) -> None:
    """Enqueue the job that builds the bundle of a case, unless one is waiting."""
    lock = lock_of(number)
    if job_queue.is_waiting(lock) or not failures.is_due(failures.Task.BINDING, number):
        return
    with contextlib.suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(JOB, queue="records", queueing_lock=lock).defer(number=number)


def lock_of(number: str) -> str:
    """Return the queueing lock that allows at most one waiting job per case."""
    return f"bind {number}"


def build_bundle(case: Case, on: date) -> PreparedBundle | None:
    """Build the bundle of the case file as it is now; return None while a document of it is not read, or where none can be."""
    filed = cases.case_file_documents(case)
    digests = tuple(row.digest for row in filed)
    if not all(ingestion.ingestion_state(digest).done for digest in digests):
        return None
    files = ingestion.readable(digests)
    if not files:
        return None
    stated = cases.index_corrections(case)
    read = ingestion.kinds_of(case, stated)
    (release,) = may_be_released(case, tuple(kinds_in(case, read)))
    report = completeness.check(ingestion.casefile(files, stated), documents_owed(case, on, read), release, on)
    certificate = "\n".join(_certificate(case, report, files)) + "\n"
    whole = ingestion.case_file_pdf(files, case.number, stated, closing=certificate)
    withheld = any(row.mental_health for row in filed)
    bound = CaseFileBundle(
        file=whole.digest,
        certificate=digest_of_bytes(certificate.encode()),
        files=files,
        left_out=tuple(digest for digest in digests if digest not in files),
        pages=whole.pages,
    )
    papers = (
        GeneratedDocument(
            paper=DocumentType.CASE_FILE,
            title=DocumentType.CASE_FILE.value,
            media_type=PDF,
            data=whole.pdf,
            mental_health=withheld,
            pages=whole.pages,
        ),
        GeneratedDocument(
            paper=DocumentType.COMPLETENESS,
            title=DocumentType.COMPLETENESS.value,
            media_type=TEXT,
            data=certificate.encode(),
            mental_health=withheld,
        ),
    )
    return PreparedBundle(bound=bound, papers=papers)


def _certificate(case: Case, report: completeness.Completeness, files: tuple[str, ...]) -> Iterator[str]:
    """Write the certificate, line by line: what is owed and came, then each document by its digest."""
    yield f"CERTIFICATE OF COMPLETENESS, case {case.number}"
    yield ""
    yield from report.lines()
    yield ""
    yield "Documents of this case file as they were sent, by the SHA-256 of their bytes:"
    sent = {received.record.digest: received for received in case.records}
    for number, digest in enumerate(files, 1):
        received = sent.get(digest)
        origin = f", from the {received.sender.value}, {received.received_on.isoformat()}" if received else ""
        yield ""
        yield f"{number}. {received.record.kind.value if received else 'sent with the application'}{origin}"
        yield f"   {digest}"

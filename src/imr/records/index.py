"""Turns uploaded files into the case file: pages, documents and facts, each with its place.

`read` turns one file into a store of pages; `casefile` turns one or more page stores into the case file; `build` does both.
"""

import os
import shutil
import tempfile
import textwrap
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from imr.errors import ImrError, SetupError, Unreadable
from imr.plain import from_plain
from imr.records import bundle_pdf, duplicates, facts, ocr, page_codec, sandbox, segment
from imr.records.document_metadata import describe
from imr.records.model import CaseFile, Document, Fact, Page, PageWords, TextSource
from imr.records.page_store import PageFile, PageSequence, PageStore, PageStoreWriter
from imr.records.safety import FileType, Inspection

#: The page that a plain text is set on: US letter in points, with margins of an inch and lines of 12 points.
_WIDTH, _HEIGHT, _MARGIN, _LINE, _LETTER = 612.0, 792.0, 72.0, 12.0, 5.2

#: The limits of a process that reads text layers, and of one that reads scans, which needs more memory and time.
TEXT_LAYER_LIMITS = sandbox.ProcessLimits(memory=2 * 1024**3, seconds=900, silence=60)
SCAN_LIMITS = sandbox.ProcessLimits(memory=4 * 1024**3, seconds=1800, silence=180)
#: Pages that one child process reads by OCR, so that a bad page affects few others.
_BATCH = 12

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read: its inspection, its pages, and remarks for intake (defects, pages without text)."""

    name: str
    inspection: Inspection
    pages: PageStore
    remarks: tuple[str, ...] = ()


def build(
    files: Sequence[Path],
    *,
    scans: bool = True,
    again: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> CaseFile:
    """Build the case file of these files, in their order; a ZIP counts as the files in it.

    `scans`, `again` and `workers` are as in `read`. Pages stay on disk and are read on demand. Raises Unreadable,
    naming the file, if one may not be read.
    """
    shelves: list[Sequence[Page]] = []
    for path in files:
        with unpacked(path) as members:
            for name, member in members:
                try:
                    done = read(member, name=name, scans=scans, again=again, workers=workers, progress=progress)
                    shelves.append(done.pages)
                except Unreadable as error:
                    raise Unreadable(f"{name}: {error}") from error
    return casefile(shelves)


def inspect(path: Path) -> Inspection:
    """Inspect a file in a sandboxed process. Raises Unreadable, with what to do, if it may not be read."""
    for head, _ in sandbox.run_task("inspect", path, limits=TEXT_LAYER_LIMITS):
        return from_plain(Inspection, head)
    raise Unreadable("this file could not be inspected; send it again")


def read(
    path: Path,
    *,
    name: str | None = None,
    shelf: PageFile | None = None,
    scans: bool = True,
    again: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ReadFile:
    """Read the pages of one file (PDF, TIFF, JPEG, PNG) in sandboxed processes; store them at `shelf` if it is given.

    Pages whose text layer is missing or bad are read by OCR on all processors, unless `scans` is false or the machine
    has no language data; then they have TextSource.NONE and a remark counts them. Poor scans and pages of numbers are
    read `again` by a second, slower engine. Raises Unreadable if the file is refused.
    """
    name = name or path.name
    writer = PageStoreWriter(shelf)
    try:
        inspection, unread, remarks = _read_layers(path, name, writer, progress)
        if unread and scans and ocr.missing_language_data() is None:
            remarks += _read_scans(
                path, name, unread, writer, workers or os.cpu_count() or 1, inspection.pages, progress, again=again
            )
        elif unread:
            remarks.append(
                f"{len(unread)} of {inspection.pages} pages have no text: {ocr.missing_language_data() or 'they are scans, and scans were not read'}"
            )
        return ReadFile(name, inspection, writer.close(), tuple(remarks))
    except BaseException:
        writer.drop()
        raise


def _read_layers(
    path: Path, name: str, writer: PageStoreWriter, progress: Progress | None
) -> tuple[Inspection, list[int], list[str]]:
    """Store the pages with a text layer; give the inspection, the pages without text, and remarks for intake."""
    inspection: Inspection | None = None
    unread: list[int] = []
    remarks: list[str] = []
    for head, blob in sandbox.run_task("layers", path, limits=TEXT_LAYER_LIMITS, name=name):
        if inspection is None:
            inspection = from_plain(Inspection, head)
            if inspection.type is FileType.ZIP:
                raise Unreadable("a ZIP file inside a ZIP file is not accepted; pack the records once")
            remarks += inspection.remarks
            continue
        if "remarks" in head:
            remarks += head["remarks"]
            continue
        page = page_codec.page_from_frame(head, blob)
        writer.put(page)
        if page.source is TextSource.NONE:
            unread.append(page.number)
        if progress and page.number % 25 == 0:
            progress(page.number - len(unread), inspection.pages)
    if inspection is None:
        raise Unreadable("this file could not be looked at; send it again")
    return inspection, unread, remarks


def _read_scans(
    path: Path,
    name: str,
    unread: list[int],
    writer: PageStoreWriter,
    workers: int,
    pages: int,
    progress: Progress | None,
    *,
    again: bool,
) -> list[str]:
    """Read the pages of `unread` by OCR and store them; give failures as remarks."""
    size = max(1, min(_BATCH, -(-len(unread) // workers)))
    batches = [unread[start : start + size] for start in range(0, len(unread), size)]
    remarks: list[str] = []
    done = pages - len(unread)
    with ThreadPoolExecutor(workers) as pool:
        for read_pages, failures in pool.map(lambda numbers: _scan(path, name, numbers, again=again), batches):
            for page in read_pages:
                writer.put(page)
            done += len(read_pages)
            remarks += failures
            if progress:
                progress(done, pages)
    return remarks


def _scan(path: Path, name: str, numbers: list[int], *, again: bool) -> tuple[list[Page], list[str]]:
    """Read pages by OCR. A page that crashes the reader stays without text, and a new process continues with the next page."""
    read_pages: list[Page] = []
    failures: list[str] = []
    left = list(numbers)
    while left:
        try:
            for head, blob in sandbox.run_task("scans", path, limits=SCAN_LIMITS, name=name, numbers=left, again=again):
                read_pages.append(page_codec.page_from_frame(head, blob))
                left = left[1:]
        except SetupError:  # no page can be read, whatever the file is
            raise
        except ImrError as error:
            if again:  # the second engine needs more memory, and the first may have read the page already
                once, why = _scan(path, name, left[:1], again=False)
                read_pages, failures = read_pages + once, failures + why
            else:
                failures.append(f"page {left[0]} has no text: {error}")
            left = left[1:]
    return read_pages, failures


@contextmanager
def unpacked(path: Path) -> Iterator[Iterator[tuple[str, Path]]]:
    """Give the files of an upload, each with its name: itself, or the members of a ZIP.

    Members are unpacked one at a time into an empty folder, under generated names.
    """
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    if not packed:
        yield iter([(path.name, path)])
        return
    inspect(path)
    with tempfile.TemporaryDirectory() as folder:
        yield _members(path, Path(folder) / "member")


def _members(path: Path, place: Path) -> Iterator[tuple[str, Path]]:
    with zipfile.ZipFile(path) as packed:
        for member in sorted(packed.infolist(), key=lambda one: one.filename):
            if member.is_dir() or member.filename.startswith("__MACOSX/"):
                continue
            left = member.file_size
            try:
                with packed.open(member) as source, place.open("wb") as out:
                    while chunk := source.read(1 << 20):
                        left -= len(chunk)
                        if left < 0:
                            raise Unreadable(f"{path.name} unpacks to more than it declares; send the files one by one")
                        out.write(chunk)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, zlib.error) as error:
                raise Unreadable(f"{member.filename} in {path.name} is broken; pack it again and send that") from error
            yield f"{path.name}/{member.filename}", place


def unscripted(path: Path) -> bytes:
    """Copy a PDF form without its scripts, in a sandboxed process: the copy that people get."""
    return b"".join(blob for _, blob in sandbox.run_task("unscripted", path, limits=TEXT_LAYER_LIMITS))


def write_bundle(files: Sequence[Path], built: CaseFile, out: Path, *, case: str) -> str:
    """Write the case file that `build` made of these files as one PDF; give its SHA-256. A failure leaves nothing at `out`.

    Every page of the case file is in it in its order, including the members of a ZIP.
    """
    with tempfile.TemporaryDirectory() as folder:
        loose: list[Path] = []
        for path in files:
            with unpacked(path) as members:
                for _, member in members:
                    if member == path:
                        loose.append(path)
                    else:
                        loose.append(Path(folder) / f"{len(loose)}")
                        shutil.move(member, loose[-1])
        whole = bundle_pdf.build(loose, built.documents, case=case)
    half = out.with_name(out.name + ".part")
    half.write_bytes(whole.pdf)
    half.replace(out)
    return whole.digest


@dataclass(frozen=True, slots=True)
class FileContents:
    """The documents and facts found on the pages of one file, with page numbers within the file, and a sketch of each page."""

    pages: int
    documents: tuple[Document, ...]
    facts: tuple[Fact, ...]
    sketches: tuple[duplicates.Sketch, ...]


def analyze(pages: Sequence[Page]) -> FileContents:
    """Find the documents and facts of one file, whose pages count from 1."""
    features: list[segment.PageFeatures] = []
    found: list[facts.PageFact] = []
    sketches: list[duplicates.Sketch] = []
    for page in pages:
        features.append(segment.page_features(page))
        found += facts.on_page(page)
        sketches.append(duplicates.sketch(page))
    documents = documents_of(segment.split_documents(features), lambda number: pages[number - 1])
    return FileContents(len(pages), documents, facts.assign_documents(found, documents), tuple(sketches))


def combine(files: Sequence[tuple[Sequence[Page], FileContents]]) -> CaseFile:
    """Combine files into the case file, in their order. No document continues from one file into the next."""
    documents: list[Document] = []
    said: list[Fact] = []
    before = 0
    for _, one in files:
        names = {document.id: f"d{len(documents) + n}" for n, document in enumerate(one.documents, 1)}
        documents += [
            replace(each, id=names[each.id], first=each.first + before, last=each.last + before)
            for each in one.documents
        ]
        said += [replace(each, document=names[each.document], page=each.page + before) for each in one.facts]
        before += one.pages
    sketches = [sketch for _, one in files for sketch in one.sketches]
    marked = duplicates.mark_duplicates(documents, sketches)
    return CaseFile(
        pages=PageSequence([pages for pages, _ in files]),
        documents=marked,
        facts=tuple(said),
        repeated=duplicates.repeated_pages(marked, sketches),
    )


def casefile(shelves: Sequence[Sequence[Page]]) -> CaseFile:
    """Make the case file of the pages of these files, in their order."""
    return combine([(shelf, analyze(shelf)) for shelf in shelves])


def from_texts(texts: Sequence[str], *, file: str = "text") -> CaseFile:
    """Make the case file whose pages hold these texts, one page each, as if they had been typed.

    Documents and facts are found as in any file. It is for text without a PDF: tests, drafts, texts of another
    extractor.
    """
    return casefile([[_typed(text, number, file) for number, text in enumerate(texts, 1)]])


def documents_of(runs: Sequence[segment.PageRun], page: Callable[[int], Page]) -> tuple[Document, ...]:
    """Give the documents of these runs of pages; `page` gives a page by its number."""
    return tuple(document_of(run, page, number) for number, run in enumerate(runs, 1))


def document_of(run: segment.PageRun, page: Callable[[int], Page], number: int = 0) -> Document:
    """Give the document of a run of pages."""
    return describe(run, [page(n) for n in sorted({run.first, min(run.first + 1, run.last), run.last})], number)


def store_typed_pages(texts: Sequence[str], *, name: str, shelf: PageFile | None = None) -> PageStore:
    """Store the pages of a plain text, laid out as `from_texts` does."""
    writer = PageStoreWriter(shelf)
    for number, text in enumerate(texts, 1):
        writer.put(_typed(text, number, name))
    return writer.close()


def _typed(text: str, number: int, file: str) -> Page:
    """Lay a text out as a typewriter would: long lines wrapped, each word with the box where it would be."""
    lines = [part for line in text.splitlines() for part in (textwrap.wrap(line, 90) or [""])]
    body = "\n".join(lines)
    starts, ends, edges = array("I"), array("I"), array("f")
    at = 0
    for row, line in enumerate(lines):
        column = 0
        top = _MARGIN + row * _LINE
        for word in line.split():
            column = line.index(word, column)
            starts.append(at + column)
            ends.append(at + column + len(word))
            left = _MARGIN + column * _LETTER
            edges.extend((left, top, left + len(word) * _LETTER, top + _LINE - 2))
            column += len(word)
        at += len(line) + 1
    height = max(_HEIGHT, 2 * _MARGIN + len(lines) * _LINE)
    return Page(
        number=number, file=file, source_page=number, width=_WIDTH, height=height, words=PageWords(body, starts, ends, edges), text=body
    )  # fmt: skip

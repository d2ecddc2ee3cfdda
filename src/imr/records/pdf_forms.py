"""The copy of a PDF that is read: fields and notes become page content, and nothing in it can run.

Readers of text see only the content of a page, so a filled form is empty to them: what somebody typed is in fields
(widgets) and notes over the page. Here both are drawn into the page, including a field whose program left no
appearance, and scripts, actions and the form itself are left out. The original file is never changed. Called by
`records.pdf`, by `records.bundle_pdf` and for downloads; code that opens an upload runs in a sandboxed child.
"""

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from imr.errors import Unreadable
from imr.records import pdf_complexity, typesetting
from imr.records.file_limits import NEW_PDF, FileLimits
from imr.records.pdf_structure import PDF_ERRORS, open_pdf

#: The keys of a page that are copied. The others (actions, threads, annotations) can do something, and show nothing.
_PAGE = frozenset({"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"})
_SHOWS_TEXT = re.compile(rb"T[jJ*]|['\"]\s")
_SIZE = re.compile(rb"(\d*\.?\d+)\s+Tf")
_HIDDEN, _NO_VIEW = 2, 32
_MULTILINE, _PASSWORD, _RADIO, _PUSH_BUTTON, _COMB = 1 << 12, 1 << 13, 1 << 15, 1 << 16, 1 << 24
_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class FlattenedCopy:
    """A copy as bytes, the pages of the file that are in it (from 0, in its order), and the values of each page's fields."""

    data: io.BytesIO
    pages: tuple[int, ...]
    values: dict[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def flattened_copy(source: bytes | Path) -> FlattenedCopy:
    """Copy the pages of a PDF that have fields or notes, with these drawn. Raises Unreadable if the PDF is broken or absurd."""
    with open_form(source) as pdf:
        values = flatten(pdf)
        return _copied(pdf, sorted(values), values)


def unscripted(source: bytes | Path) -> bytes:
    """Copy the whole PDF with its fields and notes drawn, and without anything that runs or leads elsewhere."""
    with open_form(source) as pdf:
        flatten(pdf)
        return _copied(pdf, range(len(pdf.pages)), {}).data.getvalue()


def flatten(pdf: pikepdf.Pdf) -> dict[int, tuple[tuple[str, str], ...]]:
    """Draw the fields and notes of an open PDF into its pages.

    Gives, for each page (from 0) that has some, its fields' names and values.
    """
    form = pdf.Root.get("/AcroForm")
    form = form if isinstance(form, Dictionary) else Dictionary()
    renewed = bool(form.get("/NeedAppearances", False))
    off = _layers_off(pdf)
    pen = typesetting.Pen(pdf)
    values: dict[int, tuple[tuple[str, str], ...]] = {}
    for number, page in enumerate(pdf.pages):
        notes = [note for note in _notes(page) if _is_shown(note, off)]
        if not notes:
            continue
        said: list[tuple[str, str]] = []
        for note in notes:
            said += _draw(note, form, pen, renewed=renewed)
        page.obj.Annots = Array([pdf.make_indirect(note) for note in notes])
        values[number] = tuple(said)
    if values:
        form.NeedAppearances = False  # else the library leaves fields as they are
        pdf.flatten_annotations("screen")
    return values


@contextmanager
def open_form(source: bytes | Path) -> Iterator[pikepdf.Pdf]:
    """Open a PDF whose fields and notes are to be drawn. Raises Unreadable if its form is too broken for that."""
    try:
        with open_pdf(source) as pdf:
            yield pdf
    except PDF_ERRORS as error:
        raise Unreadable(f"the form in this PDF is broken; {NEW_PDF}") from error


def _copied(pdf: pikepdf.Pdf, numbers: Iterable[int], values: dict[int, tuple[tuple[str, str], ...]]) -> FlattenedCopy:
    """Copy these pages to a PDF of their own: what they show and nothing else."""
    numbers = tuple(numbers)
    made = pikepdf.new()
    for number in numbers:
        page = pdf.pages[number]
        for key in [key for key in page.obj.keys() if key not in _PAGE]:  # noqa: SIM118 - a PDF dictionary is not a mapping
            del page.obj[key]
        made.pages.append(page)
    if "/OCProperties" in pdf.Root and numbers:  # the layers that are off
        layers = pdf.Root.OCProperties
        made.Root.OCProperties = made.copy_foreign(layers if layers.is_indirect else pdf.make_indirect(layers))
    if pdf_complexity.heaviest(made) > FileLimits().drawn:
        raise Unreadable(f"this PDF draws the same thing in itself over and over; {NEW_PDF}")
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    out.seek(0)
    return FlattenedCopy(out, numbers, values)


def _notes(page: pikepdf.Page) -> list[Dictionary]:
    """Give what is over a page and shows something: fields and notes, not links."""
    notes = page.obj.get("/Annots")
    if not isinstance(notes, Array):
        return []
    return [
        note for note in notes if isinstance(note, Dictionary) and note.get("/Subtype") not in (Name.Link, Name.Popup)
    ]


def _is_shown(note: Dictionary, off: set[tuple[int, int]]) -> bool:
    flags = note.get("/F", 0)
    layer = note.get("/OC")
    return not (isinstance(flags, int) and flags & (_HIDDEN | _NO_VIEW)) and not (
        isinstance(layer, Dictionary) and layer.objgen in off
    )


def _layers_off(pdf: pikepdf.Pdf) -> set[tuple[int, int]]:
    layers = pdf.Root.get("/OCProperties")
    chosen = layers.get("/D") if isinstance(layers, Dictionary) else None
    off = chosen.get("/OFF") if isinstance(chosen, Dictionary) else None
    return {each.objgen for each in off if isinstance(each, Dictionary)} if isinstance(off, Array) else set()


def _draw(note: Dictionary, form: Dictionary, pen: typesetting.Pen, *, renewed: bool) -> Iterator[tuple[str, str]]:
    """Give a field or note the appearance that it lacks; yield the name and value of a field with text."""
    kind, flags = _inherited(note, "/FT"), _inherited(note, "/Ff")
    flags = int(flags) if isinstance(flags, int) else 0
    if note.get("/Subtype") == "/FreeText":
        if not _appearance(note):
            _set(note, pen, _text(note.get("/Contents")), note.get("/DA"), flags=_MULTILINE)
    elif kind == "/Btn" and not flags & _PUSH_BUTTON:
        _choose(note, pen, is_radio=bool(flags & _RADIO))
    elif kind in ("/Tx", "/Ch") and not flags & _PASSWORD:
        value = _value(note) if kind == "/Tx" else _chosen(note)
        if not value.strip():
            return
        yield _named(note), value
        # The appearance of the program is kept unless the file marks it as out of date, or we lack its characters.
        old = _appearance(note)
        if (
            not old
            or not _SHOWS_TEXT.search(old.read_bytes())
            or (renewed and not typesetting.without_glyph(value) and not _says(old, value))
        ):
            size = _inherited(note, "/DA") or form.get("/DA")
            _set(note, pen, value, size, flags=flags if kind == "/Tx" else _MULTILINE)


def _set(note: Dictionary, pen: typesetting.Pen, value: str, style: Any, *, flags: int) -> None:
    found = _SIZE.search(bytes(style)) if isinstance(style, pikepdf.String) else None
    longest, side, turned = _inherited(note, "/MaxLen"), _inherited(note, "/Q"), _turned(note)
    wide, high = _measured(note)
    if turned in (90, 270):
        wide, high = high, wide
    note.AP = Dictionary(
        N=pen.text(
            value,
            wide,
            high,
            size=float(found[1]) if found else 0.0,
            lines=bool(flags & _MULTILINE),
            cells=max(0, longest) if flags & _COMB and isinstance(longest, int) else 0,
            side=int(side) if isinstance(side, int) else 0,
            turned=turned,
        )
    )


def _choose(note: Dictionary, pen: typesetting.Pen, *, is_radio: bool) -> None:
    """Show whether a box or button is chosen, if only the value of its field says so."""
    value = _inherited(note, "/V")
    states = note.get("/AP", Dictionary()).get("/N")
    state = note.get("/AS")
    if state is None and isinstance(value, Name):
        known = isinstance(states, Dictionary) and not isinstance(states, pikepdf.Stream) and str(value) in states
        state = value if known or (states is None and not is_radio) else Name.Off
        note.AS = state
    if state is not None and state != "/Off" and _appearance(note) is None:
        note.AP = Dictionary(N=Dictionary({str(state): pen.cross(*_measured(note))}))


def _appearance(note: Dictionary) -> pikepdf.Stream | None:
    """Give the appearance of a note; None if its program drew none."""
    looks = note.get("/AP")
    normal = looks.get("/N") if isinstance(looks, Dictionary) else None
    if isinstance(normal, Dictionary) and not isinstance(normal, pikepdf.Stream):
        normal = normal.get(str(note.get("/AS", Name.Off)))
    return normal if isinstance(normal, pikepdf.Stream) else None


def _says(look: pikepdf.Stream, value: str) -> bool:
    """Say whether an appearance draws this value in plain characters."""
    shown = b"".join(
        bytes(one)
        for drawing in pikepdf.parse_content_stream(look)
        if str(drawing.operator) in ("Tj", "TJ", "'", '"')
        for each in drawing.operands
        for one in (each if isinstance(each, Array) else [each])
        if isinstance(one, pikepdf.String)
    )
    return "".join(value.split()) == "".join(shown.decode("cp1252", "replace").split())


def _inherited(note: Dictionary, key: str) -> Any:
    """Give the value of a key of a field, or of a field above it."""
    one: Any = note
    for _ in range(_DEEPEST):
        if not isinstance(one, Dictionary):
            break
        if key in one:
            return one.get(key)
        one = one.get("/Parent")
    return None


def _text(value: Any) -> str:
    if isinstance(value, pikepdf.String):
        return str(value)
    if isinstance(value, pikepdf.Stream):
        data = value.read_bytes()
        return data.decode("utf-16") if data[:2] in (b"\xfe\xff", b"\xff\xfe") else data.decode("cp1252", "replace")
    return str(value)[1:] if isinstance(value, Name) else ""


def _value(note: Dictionary) -> str:
    return _text(_inherited(note, "/V"))


def _chosen(note: Dictionary) -> str:
    """Give the chosen items of a list, in the words that it shows."""
    value, options = _inherited(note, "/V"), _inherited(note, "/Opt")
    shown = {
        _text(one[0]): _text(one[1])
        for one in (options if isinstance(options, Array) else [])
        if isinstance(one, Array) and len(one) == 2
    }
    chosen = [_text(one) for one in (value if isinstance(value, Array) else [value])]
    return "\n".join(shown.get(one, one) for one in chosen)


def _named(note: Dictionary) -> str:
    """Give the name of a field: its label for people, or else the last part of its name."""
    return (_text(_inherited(note, "/TU")) or _text(_inherited(note, "/T")) or "without a name")[:80]


def _measured(note: Dictionary) -> tuple[float, float]:
    """Give the width and height of a note; zero if the file does not give its place, so that no page shows it."""
    try:
        left, bottom, right, top = (float(edge) for edge in note.get("/Rect", Array()))
    except (TypeError, ValueError):
        return 0.0, 0.0
    return abs(right - left), abs(top - bottom)


def _turned(note: Dictionary) -> int:
    look = note.get("/MK")
    turned = look.get("/R", 0) if isinstance(look, Dictionary) else 0
    return int(turned) % 360 if isinstance(turned, int) else 0

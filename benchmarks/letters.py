"""Letters: read from text compared with the plain reader, read from PDF, and written compared with Typst, ReportLab and WeasyPrint.

    python benchmarks/run.py --only letters

Seconds are of processor time, on one core. The published letters are read from IMR_SHARED, or else invented
ones. The peers set the same headings, table, lists and paragraphs on the same paper, in their own looks.
"""

import html
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from imr.determination import Determination, Letter, compose, read
from imr.determination.letter import Decided, Facts, Heading, Listing, Note, Paragraph
from imr.determination.pdf import POOL, render
from imr.determination.template import OF_2014
from imr.determination.writer import write
from imr.examples import determination
from imr.records.pdf import page_texts

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("IMR_SHARED", ROOT.parent / "shared")) / "letters"


def figures() -> dict[str, float]:
    """Print the rows and return the figures."""
    return reading() | writing()


def reading() -> dict[str, float]:
    """Measure letters per second from text and from PDF."""
    sys.path.insert(0, str(ROOT / "tests" / "determination"))
    from plain_reader import read_plainly

    texts = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "text" / "raw").glob("*.txt"))]
    texts = texts or [write(invented(seed), OF_2014) for seed in range(70)]
    pdfs = [path.read_bytes() for path in sorted((SHARED / "pdf").glob("*.pdf"))]
    pdfs = pdfs or [render(compose(invented(seed))) for seed in range(70)]
    ours = rate(read, texts, 10)
    plain = rate(read_plainly, texts, 3)
    whole = rate(lambda data: read("\f".join(page_texts(data))), pdfs, 3)
    print(f"read from text   {ours:8,.0f} letters/s   plain reader {plain:8,.0f}/s   ratio {ours / plain:.2f}")
    print(f"read from PDF    {whole:8,.0f} PDFs/s, whole")
    return {"letters a second from text": ours, "ratio to the plain reader": ours / plain, "PDFs a second": whole}


def writing() -> dict[str, float]:
    """Measure letters per second as PDF: ours tagged and archival, the peers untagged."""
    letters = [compose(invented(seed)) for seed in range(30)]
    setters: dict[str, Callable[..., object]] = {
        "ours": render,
        "Typst, tagged": typst_setter(tagged=True),
        "Typst, tagged, kept": typst_setter(tagged=True, kept=True),
        "Typst": typst_setter(tagged=False),
        "ReportLab": by_reportlab,
        "WeasyPrint": by_weasyprint,
    }
    rates = {
        name: rate(setter, letters[:20] if name != "WeasyPrint" else letters[:4], 1) for name, setter in setters.items()
    }
    fastest = max(found for name, found in rates.items() if name != "ours" and "tagged" not in name)
    composed = rate(compose, [invented(seed) for seed in range(30)], 1)
    for name, found in rates.items():
        print(
            f"set as PDF       {found:8,.1f} letters/s   {name}{' (tagged, PDF/UA-1 and PDF/A-2a)' if name == 'ours' else ''}"
        )
    print(f"composed, checked {composed:7,.1f} letters/s")
    print(
        f"ours to the fastest peer {rates['ours'] / fastest:.2f}, to the tagged one {rates['ours'] / rates['Typst, tagged']:.2f}, "
        f"to the tagged one that keeps its work {rates['ours'] / rates['Typst, tagged, kept']:.2f}"
    )
    return {
        "letters a second as PDF": rates["ours"],
        "ratio to the fastest untagged peer": rates["ours"] / fastest,
        "ratio to Typst, tagged": rates["ours"] / rates["Typst, tagged"],
        "ratio to Typst, tagged, that keeps its work": rates["ours"] / rates["Typst, tagged, kept"],
        "letters composed and checked a second": composed,
    }


def rate(work: Callable[..., object], items: Sequence[object], rounds: int) -> float:
    """Measure items per second, the best of three tries after a first one that warms up."""
    work(items[0])
    best = 0.0
    for _ in range(3):
        start = processor()
        for _ in range(rounds):
            for item in items:
                work(item)
        best = max(best, rounds * len(items) / (processor() - start))
    return best


def processor() -> float:
    """Give the seconds of processor time of this process and of those that render its letters."""
    clocks = [(~pid << 3) | 2 for pid in POOL.pids()]  # as clock_getcpuclockid(3) gives them
    return time.process_time() + sum(map(time.clock_gettime, clocks))


def invented(seed: int) -> Determination:
    """Make a determination of four pages with a text of its own: two letters share only the words of the form."""
    told = [determination(50_000 + 8 * seed + n) for n in range(8)]
    issues = tuple(
        replace(
            told[n].issues[0],
            heading=f"{6 + seed + n} sessions of {told[n].issues[0].treatment}",
            treatment=f"{6 + seed + n} sessions of {told[n].issues[0].treatment}",
            original_request=None,
            authorized=None,
            rationale=" ".join(issue.rationale for other in told[n::3] for issue in other.issues),
        )
        for n in range(3)
    )
    return replace(told[0], summary=" ".join(other.summary for other in told[-2:]), issues=issues, documents=())


#: The Typst source that sets the parts of a letter in Typst's own style: headings, a table, lists and bold labels.
_TYPST = """
#let show-parts(parts) = {
  set document(title: "Letter")
  set page("us-letter", numbering: "1 of 1")
  set text(size: 11.5pt)
  for (kind, first, rest) in parts {
    if kind == "heading" { heading(level: 1, first) }
    else if kind == "table" { table(columns: 2, table.header[Item][Value], ..rest.flatten()) }
    else if kind == "list" { list(..rest) }
    else if first != "" { par[#strong(first) #rest] }
    else { par(rest) }
  }
}
"""


def typst_setter(*, tagged: bool, kept: bool = False) -> Callable[[Letter], object]:
    """Set letters with Typst, untagged or to the standards of ours, passed as its package says, by `sys_inputs`.

    With `kept` a letter is passed as ours is, so that the renderer may cache what two letters share.
    """
    import tempfile

    import typst

    folder = Path(tempfile.mkdtemp())
    (folder / "parts.typ").write_text(_TYPST)
    (folder / "plain.typ").write_text('#import "parts.typ": show-parts\n#show-parts(json(bytes(sys.inputs.parts)))')
    compiler = typst.Compiler(root=str(folder), ignore_system_fonts=True)

    def set_letter(letter: Letter) -> object:
        said = json.dumps(parts(letter))
        literal = said.replace("\\", "\\\\").replace('"', '\\"')
        source = f'#import "parts.typ": show-parts\n#show-parts(json(bytes("{literal}")))'
        return compiler.compile(
            input=source.encode() if kept else str(folder / "plain.typ"),
            format="pdf",
            sys_inputs={} if kept else {"parts": said},
            pdf_tags=tagged,
            pdf_standards=["ua-1", "a-2a"] if tagged else [],
            timestamp=0,
        )

    return set_letter


def by_reportlab(letter: Letter) -> bytes:
    """Set a letter with ReportLab's flowing paragraphs, headings, table and lists."""
    from reportlab.lib.pagesizes import letter as paper
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import ListFlowable, SimpleDocTemplate, Spacer, Table
    from reportlab.platypus import Paragraph as Flowing

    styles = getSampleStyleSheet()
    style = styles["BodyText"]
    style.fontName, style.fontSize, style.leading = "Times-Roman", 11.5, 15
    out = BytesIO()
    flow: list[object] = []
    for kind, first, rest in parts(letter):
        if kind == "heading":
            flow.append(Flowing(html.escape(first), styles["Heading2"]))
        elif kind == "table":
            flow.append(Table([["Item", "Value"], *rest]))
        elif kind == "list":
            flow.append(ListFlowable([Flowing(html.escape(item), style) for item in rest], bulletType="bullet"))
        else:
            flow.append(Flowing(f"<b>{html.escape(first)}</b> {html.escape(rest)}", style))
        flow.append(Spacer(1, 4))
    SimpleDocTemplate(out, pagesize=paper).build(flow, onFirstPage=_number, onLaterPages=_number)
    return out.getvalue()


def _number(canvas: object, document: object) -> None:
    canvas.drawCentredString(306, 36, f"Page {document.page}")  # type: ignore[attr-defined]


def by_weasyprint(letter: Letter) -> bytes:
    """Set a letter with WeasyPrint from HTML."""
    from weasyprint import HTML

    body = []
    for kind, first, rest in parts(letter):
        if kind == "heading":
            body.append(f"<h2>{html.escape(first)}</h2>")
        elif kind == "table":
            rows = "".join(f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in rest)
            body.append(f"<table>{rows}</table>")
        elif kind == "list":
            body.append(f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in rest)}</ul>")
        else:
            body.append(f"<p><b>{html.escape(first)}</b> {html.escape(rest)}</p>")
    page = "@page { size: letter; margin: 1in; @bottom-center { content: counter(page) ' of ' counter(pages) } }"
    made: bytes = HTML(string=f"<html lang=en><style>{page}</style><body>{''.join(body)}</body></html>").write_pdf()
    return made


def parts(letter: Letter) -> list[tuple[str, str, Any]]:
    """Give the same letter for every peer: headings, a table, lists, and paragraphs with or without a label."""
    found: list[tuple[str, str, Any]] = [("text", "", letter.sender), ("heading", letter.title, "")]
    for block in letter.blocks:
        match block:
            case Heading(text):
                found.append(("heading", text, ""))
            case Facts(rows):
                found.append(("table", "", rows))
            case Note(title, text, items):
                found += [("heading", title, ""), ("text", "", text), ("list", "", items)]
            case Listing(items):
                found.append(("list", "", items))
            case Decided(count, heading, decision):
                found += [("text", "", count), ("heading", f"{heading}: {decision}", "")]
            case Paragraph(text, label):
                found.append(("text", label, text))
            case _:
                raise TypeError(f"no peer sets a {type(block).__name__}")
    return found


if __name__ == "__main__":
    figures()

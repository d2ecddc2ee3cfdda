"""Case files generated from a seed, with known documents, to measure and test the reader of records.

Reports are set under invented Californian letterheads, between forms and letters of our own
(`benchmarks.casefile_documents`). `half` 0 and 1 draw from different reports, titles and page layouts, so that rules
written while looking at one half can be measured on the other.
"""

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pikepdf
from PIL import Image as Pillow

from benchmarks import casefile_documents
from benchmarks.ground_truth import Truth


@dataclass(frozen=True)
class Packet:
    """A case file and its documents; `texts` are the lines of each page as printed."""

    pdf: bytes
    truth: tuple[Truth, ...]
    texts: tuple[str, ...]


def packet(folder: Path, seed: int, *, half: int = 0, clinical: int = 8) -> Packet:
    """Make a case file of about `clinical` reports among forms and letters, the same for the same seed."""
    pages, truth = casefile_documents.documents(folder, random.Random(seed), half, clinical)
    return Packet(draw(pages), truth, tuple("\n".join(page) for page in pages))


#: Laboratory tests and their units.
MEASURED = (
    ("WBC", "K/uL"), ("RBC", "M/uL"), ("Hemoglobin", "g/dL"), ("Hematocrit", "%"), ("MCV", "fL"), ("MCH", "pg"), ("MCHC", "g/dL"),
    ("RDW", "%"), ("Platelets", "K/uL"), ("Neutrophils", "%"), ("Lymphocytes", "%"), ("Monocytes", "%"), ("Glucose", "mg/dL"),
    ("BUN", "mg/dL"), ("Creatinine", "mg/dL"), ("Sodium", "mmol/L"), ("Potassium", "mmol/L"), ("Chloride", "mmol/L"),
    ("Calcium", "mg/dL"), ("Protein, Total", "g/dL"), ("Albumin", "g/dL"), ("Globulin", "g/dL"), ("Bilirubin, Total", "mg/dL"),
    ("Alkaline Phosphatase", "IU/L"), ("AST (SGOT)", "IU/L"), ("ALT (SGPT)", "IU/L"), ("Hemoglobin A1c", "%"), ("Vitamin D", "ng/mL"),
    ("CRP", "mg/L"), ("Ferritin", "ng/mL"),
)  # fmt: skip


def results(seed: int) -> list[str]:
    """Make a page of laboratory results, dense in numbers, as lines."""
    chance = random.Random(seed)
    lines = ["Delta Reference Laboratory", "CLINICAL LABORATORY REPORT", f"Patient: Dana Moreno   Collected: 03/{chance.randrange(1, 28):02}/2015",
             "", "Test   Result   Flag   Reference range   Units"]  # fmt: skip
    for name, unit in MEASURED:
        places, value, low = chance.choice((0, 1, 1, 2)), chance.uniform(1, 180), chance.uniform(1, 90)
        high = low + chance.uniform(1, 90)
        lines.append(
            f"{name}   {value:.{places}f}   {chance.choice('HL ')}   {low:.{places}f} - {high:.{places}f}   {unit}"
        )
    return lines


def draw(pages: Sequence[Sequence[str]]) -> bytes:
    """Make a PDF with a text layer of pages of lines: Helvetica of 10 points, a title line larger."""
    made = pikepdf.new()
    font = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
    )
    for lines in pages:
        made.add_blank_page(page_size=(612, 792))
        page = made.pages[-1]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        content = []
        for n, line in enumerate(lines):
            x = 60.0
            for cell in line.split("   "):
                escaped = (
                    cell.encode("cp1252", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
                )
                if cell.strip():
                    content.append(b"BT /F1 10 Tf %.1f %.1f Td (%s) Tj ET" % (x, 750 - 12.6 * n, escaped))
                x += 5.2 * len(cell) + 24
        page.Contents = made.make_stream(b"\n".join(content))
    out = io.BytesIO()
    made.save(out, compress_streams=True)
    return out.getvalue()


def scan(
    pdf: bytes,
    seed: int,
    *,
    dpi: int = 200,
    skewed: float = 1.5,
    fax: bool = False,
    coarse: bool = False,
    noise: float = 14.0,
) -> bytes:
    """Turn the pages into images, as a scanner or a fax machine does. A `coarse` fax has half the rows of pixels."""
    from imr.records.pdf import Pdf

    chance, grain = random.Random(seed), np.random.default_rng(seed)
    made = pikepdf.new()
    with Pdf(pdf) as source:
        for number in range(len(source)):
            image = Pillow.fromarray(source.image(number, dpi)).rotate(
                chance.uniform(-skewed, skewed), Pillow.Resampling.BICUBIC, fillcolor=255
            )
            pixels = np.clip(
                np.asarray(image).astype(np.int16) + grain.normal(0, noise, image.size[::-1]), 0, 255
            ).astype(np.uint8)
            image = Pillow.fromarray(pixels)
            form, dictionary = ("JPEG", pikepdf.Name.DCTDecode)
            out = io.BytesIO()
            if coarse:
                pixels = pixels[::2].repeat(2, axis=0)[: len(pixels)]
            if fax:
                image = Pillow.fromarray(np.where(pixels < 150, 0, 255).astype(np.uint8))
            image.save(out, form, quality=70)
            made.add_blank_page(page_size=source.size(number))
            page = made.pages[-1]
            picture = made.make_stream(
                out.getvalue(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=image.width,
                Height=image.height,
                ColorSpace=pikepdf.Name.DeviceGray,
                BitsPerComponent=8,
                Filter=dictionary,
            )
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=picture))
            wide, high = source.size(number)
            page.Contents = made.make_stream(b"q %.2f 0 0 %.2f 0 0 cm /Im Do Q" % (wide, high))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()

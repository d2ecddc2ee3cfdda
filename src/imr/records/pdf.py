"""PDF files: the only module that knows the PDF library.

Every PDF that the system reads comes through here. What is not a PDF, is locked, is broken or holds no text is refused
with `Unreadable`, whose message says what to do.
"""

import pypdfium2
import pypdfium2.raw as pdfium

from imr.errors import Unreadable

#: The largest PDF that is taken in, in bytes: a case file of several thousand scanned pages fits.
LARGEST = 128 * 1024 * 1024

#: Where a PDF may begin: readers allow some bytes before the mark, and mail gateways add them.
_MARK_WITHIN = 1024


def page_texts(data: bytes) -> tuple[str, ...]:
    """The text layer of a PDF, a page an item, in the order in which the file draws it; lines end with a line feed.

    A hyphen at the end of a line is kept. Raises Unreadable where `data` is not a PDF, is encrypted, is broken, is
    larger than LARGEST, or has no text on any page.
    """
    if len(data) > LARGEST:
        raise Unreadable(
            f"this file has {len(data):,} bytes and the largest that is read is {LARGEST:,}; split it and send the parts"
        )
    if b"%PDF-" not in data[:_MARK_WITHIN]:
        raise Unreadable("this is not a PDF; send the letter as a PDF or as plain text")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD:
            raise Unreadable("this PDF is locked with a password; remove the password and send it again") from error
        raise Unreadable("this PDF is broken; save it anew from the program that made it, or send the text") from error
    try:
        texts = tuple(_text(document, number) for number in range(len(document)))
    finally:
        document.close()
    if not any(text.strip() for text in texts):
        raise Unreadable("this PDF has no text layer (it is a picture of pages); run OCR on it and send the result")
    return texts


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError as error:
        raise Unreadable(
            f"page {number + 1} of this PDF is broken; save it anew from the program that made it, or send the text"
        ) from error
    text: str = textpage.get_text_range()
    textpage.close()
    page.close()
    # The library gives a hyphen that ends a line as the noncharacter U+FFFE.
    return text.replace("\ufffe", "-").replace("\r\n", "\n").replace("\r", "\n")

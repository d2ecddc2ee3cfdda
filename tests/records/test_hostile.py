"""What an attacker sends: each file is refused in a clear sentence or read as what it is, within its limits, and nobody else is harmed."""

import io
import threading
import zipfile

import pytest
from PIL import Image
from tests.factories import hostile_files, hostile_pdf

from imr.errors import Unreadable
from imr.records import image_headers, index, safety, sandbox
from imr.records.sandbox import ProcessLimits, SandboxedProcess

#: Every file is to be looked at within this, whatever it holds: bytes, seconds of processor, seconds of silence.
LIMITS = ProcessLimits(memory=1024**3, seconds=30, silence=30)

#: Refused when it comes, and why.
REFUSED = {
    hostile_files.pdf_and_zip: "a PDF and a ZIP file at once",
    hostile_files.html_and_pdf: "a PDF and a program or a page for a browser at once",
    hostile_files.program_and_pdf: "a PDF and a program or a page for a browser at once",
    hostile_files.jpeg_and_pdf: "a JPEG and a PDF at once",
    hostile_files.jpeg_and_zip: "a JPEG and a ZIP file at once",
    hostile_files.jpeg_of_acres: "more than any scan has",
    hostile_files.jpeg_of_many_scans: "more passes than any scan",
    hostile_files.png_of_texts: "broken",
    hostile_files.png_of_a_profile: "broken",
    hostile_files.tiff_of_absurd_tiles: "more than any scan has",
    hostile_files.tiff_of_acres: "more than any scan has",
    hostile_files.tiff_cut_off: "broken",
    hostile_files.tiff_of_endless_pages: "20,010 pages",
    hostile_pdf.pages_in_a_ring: "broken",
    hostile_pdf.pages_very_deep: "broken",
    hostile_pdf.one_page_a_million_times: "broken|pages",
    hostile_pdf.stream_as_long_as_itself: "broken",
    hostile_pdf.forms_in_a_ring: "over and over",
    hostile_pdf.forms_that_multiply: "over and over",
    hostile_pdf.forms_that_multiply_without_resources: "over and over",
    hostile_pdf.forms_that_multiply_under_a_string: "over and over",
    hostile_pdf.forms_that_multiply_behind_a_remark: "over and over",
    hostile_pdf.forms_that_multiply_in_another_spelling: "over and over",
    hostile_pdf.patterns_that_multiply: "over and over",
    hostile_pdf.forms_very_deep: "over and over",
    hostile_pdf.tiles_without_number: "over and over",
    hostile_pdf.bomb_whose_length_lies: "unpacks to more",
    hostile_pdf.bomb_of_other_filters: "unpacks to more",
    hostile_pdf.picture_larger_inside: "more than any scan has",
    hostile_pdf.picture_larger_inside_a_second_packing: "more than any scan has",
    hostile_pdf.picture_of_many_scans: "3,0.. passes",
    hostile_pdf.jpeg2000_of_acres: "more than any scan has",
    hostile_pdf.launch_in_an_annotation: "starts another program",
    hostile_pdf.launch_behind_another: "starts another program",
    hostile_pdf.launch_by_a_name: "starts another program",
    hostile_pdf.launch_in_the_outline: "starts another program",
    hostile_pdf.launch_on_a_thread: "starts another program",
    hostile_pdf.program_in_an_address: "JavaScript",
    hostile_pdf.program_under_another_spelling: "JavaScript",
    hostile_pdf.program_in_an_object_stream: "JavaScript",
    hostile_pdf.another_file_opened: "opens another file",
    hostile_pdf.sound: "a sound",
    hostile_pdf.film_of_old: "a film",
    hostile_pdf.associated_file: "another file",
}
#: Looks dangerous and is not: what it claims is not believed, and the one page that it has is read.
TAKEN = [
    hostile_files.png_of_many_pages,
    hostile_files.png_that_is_longer_than_it_says,
    hostile_files.tiff_in_a_ring,
    hostile_pdf.pages_that_are_their_own_parents,
    hostile_pdf.pages_beyond_number,
    hostile_pdf.size_beyond_number,
    hostile_pdf.xref_stream_beyond_number,
    hostile_pdf.xref_in_a_ring,
    hostile_pdf.object_that_is_itself,
    hostile_pdf.object_streams_in_each_other,
    hostile_pdf.names_very_long,
    hostile_pdf.names_with_nothing_in_them,
    hostile_pdf.states_without_end,
    hostile_pdf.fax_of_acres,
    hostile_pdf.jbig2_of_acres,
    hostile_pdf.inline_picture_of_acres,
    hostile_pdf.letters_that_draw_themselves,
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "upload"


def looked(path):
    (head, _), *_ = sandbox.run_task("inspect", path, limits=LIMITS)
    return head


@pytest.mark.parametrize("make", REFUSED, ids=lambda make: make.__name__)
def test_it_is_refused_when_it_comes(make, path):
    path.write_bytes(make())
    with pytest.raises(Unreadable, match=REFUSED[make]) as raised:
        looked(path)
    assert "limits" not in str(raised.value), "it was known for what it is, not stopped"


@pytest.mark.parametrize("make", TAKEN, ids=lambda make: make.__name__)
def test_what_it_claims_is_not_believed(make, path):
    path.write_bytes(make())
    pages = looked(path)["pages"]
    assert pages <= 2
    read = list(sandbox.run_task("layers", path, limits=LIMITS, name="x"))
    assert len(read) == 1 + pages
    child = SandboxedProcess("images")
    try:
        child.open("render_pages", path, limits=LIMITS, width=200)
        assert child.ask(page=1)[1]
    finally:
        child.close()


def test_every_hostile_file_is_in_one_list_or_the_other():
    modules = (*vars(hostile_files).items(), *vars(hostile_pdf).items())
    made = {name for name, one in modules if getattr(one, "hostile", None) is True}
    assert made == {
        make.__name__ for make in [*REFUSED, *TAKEN, hostile_files.zip_and_pdf, hostile_files.tiff_of_many_values]
    }


def test_a_tiff_that_claims_too_many_values_falls_in_its_reading(path):
    path.write_bytes(hostile_files.tiff_of_many_values())
    with pytest.raises(Unreadable, match="broken"):
        index.read(path)


def test_a_zip_with_a_pdf_within_its_first_bytes_is_a_zip(path):
    path.write_bytes(hostile_files.zip_and_pdf())
    assert looked(path)["type"] == "ZIP"


@pytest.mark.parametrize(
    ("lines", "times"), [((b"/F Do",), 1), ((b"/F", b"Do"), 1), ((b"/F Do /F Do 0.5 0.2 scn /DeviceRGB CS",), 2)]
)
def test_forms_within_forms_as_programs_write_them_are_taken(path, lines, times):
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]"
    within = form + b" /Resources << /XObject << /F 6 0 R >> /Font << /Do 7 0 R >> >>"
    content = b"\n".join(lines)
    path.write_bytes(
        hostile_files.page(content, b"/XObject << /F 5 0 R >>", o5=hostile_files.stream(b"/F Do BT /Do 9 Tf ET", within),
                     o6=hostile_files.stream(b"0 0 9 9 re f", form), o7=b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>")
    )  # fmt: skip
    assert looked(path)["pages"] == 1


@pytest.mark.parametrize(
    ("kind", "reason"), [(zipfile.ZIP_LZMA, "packed in a way"), (zipfile.ZIP_BZIP2, "packed in a way")]
)
def test_a_zip_whose_members_choose_their_memory_is_refused(path, kind, reason):
    path.write_bytes(hostile_files.zipped(("a.pdf", hostile_files.harmless()), kind=kind))
    with pytest.raises(Unreadable, match=reason):
        looked(path)


def test_members_of_a_zip_are_files_of_ours_whatever_they_are_called(path, tmp_path):
    def link(head):
        head.create_system, head.external_attr = 3, 0o120777 << 16

    outside = tmp_path / "outside"
    names = [
        "/etc/cron.d/imr",
        "..\\..\\a.pdf",
        "../../b.pdf",
        str(outside),
        "C:\\c.pdf",
        "d\x00.exe",
        "e" * 60_000,
        "f\n\x1b[2J",
    ]
    path.write_bytes(
        hostile_files.zipped(
            *((name, hostile_files.harmless([f"PAGE {n}"])) for n, name in enumerate(names)), edit=link
        )
    )
    with index.unpacked(path) as members:
        found = [(name, member.parent, member.read_bytes()[:5], member.is_symlink()) for name, member in members]
    assert len(found) == len(names)
    assert {data for *_, data, _ in found} == {b"%PDF-"}
    assert not any(is_link for *_, is_link in found)
    assert len({folder for _, folder, *_ in found}) == 1, "all under one name of ours, in a folder that is gone"
    assert not outside.exists()
    path.write_bytes(hostile_files.zipped(("a.pdf", b"/etc/passwd"), edit=link))
    with pytest.raises(Unreadable, match="not a PDF"):
        index.build([path])


def test_a_zip_of_zips_and_one_that_says_it_is_smaller_are_refused(path):
    inner = hostile_files.zipped(("a.pdf", hostile_files.harmless()))
    for _ in range(5):
        inner = hostile_files.zipped(("again.zip", inner))
    path.write_bytes(inner)
    with pytest.raises(Unreadable, match="inside a ZIP"):
        index.build([path])
    packed = bytearray(hostile_files.zipped(("a.pdf", hostile_files.harmless() + b"%" * 200_000)))
    at = packed.index(b"PK\x01\x02")
    packed[at + 24 : at + 28] = (1_000).to_bytes(4, "little")
    path.write_bytes(packed)
    with pytest.raises(Unreadable, match=r"more than it declares|broken"):
        index.build([path], scans=False)


def test_others_are_read_while_a_hostile_file_is(path, tmp_path):
    path.write_bytes(hostile_pdf.bomb_whose_length_lies())
    good = tmp_path / "good.pdf"
    good.write_bytes(hostile_files.harmless())
    refused = []

    def attack():
        try:
            looked(path)
        except Unreadable as error:
            refused.append(error)

    attacker = threading.Thread(target=attack)
    attacker.start()
    read = index.read(good, scans=False)
    attacker.join()
    assert "PROGRESS NOTE" in read.pages[0].text
    assert len(refused) == 1


def test_a_picture_says_its_points_and_passes_before_it_is_decoded():
    assert image_headers.jpeg(hostile_files.image("JPEG", (850, 1100))) == image_headers.ImageHeader(850 * 1100, 1)
    progressive = image_headers.jpeg(hostile_files.image("JPEG", (850, 1100), progressive=True))
    assert progressive.pixels == 850 * 1100
    assert not progressive.is_heavy
    assert image_headers.jpeg(b"\xff\xd8" + b"\xff" * 50) == image_headers.ImageHeader(0, 1)
    assert image_headers.jpeg(b"") == image_headers.jpeg2000(b"\xff\x4f\xff\x51") == image_headers.ImageHeader(0)
    assert image_headers.jpeg2000(hostile_files.jpeg2000((64, 32))) == image_headers.ImageHeader(64 * 32)
    assert safety._without_deflate(b"not deflate", ["/FlateDecode"], safety.FileLimits()) == b""
    assert safety._without_deflate(b"x", ["/ASCII85Decode"], safety.FileLimits()) == b""


@pytest.mark.parametrize("big", [False, True])
def test_the_pages_of_a_tiff_are_counted_without_its_decoder(big):
    first, *others = (Image.new("1", (50, 60)) for _ in range(7))
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=others, big_tiff=big)
    assert image_headers.tiff_pages(out.getvalue()) == 7
    assert image_headers.tiff_pages(out.getvalue()[:-1]) <= 7
    assert image_headers.tiff_pages(hostile_files.tiff_of_endless_pages()) == 20_010
    assert image_headers.tiff_pages(hostile_files.tiff_in_a_ring()) == 2
    assert image_headers.tiff_pages(b"II*\x00") == image_headers.tiff_pages(b"") == 0

"""Hostile files: each is refused with its reason, within its limits, and none takes its reader down."""

import io
import os
import resource
import threading
import warnings
import zipfile
import zlib

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from PIL import Image
from tests.factories import hostile_files

from imr.errors import Unreadable
from imr.records import index, safety, sandbox
from imr.records.safety import FileType


def pdf(spoil=None, pages=1, **saved):
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(612, 792))
    if spoil:
        spoil(made)
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the field of the test stands in no form
        made.save(out, **saved)
    return out.getvalue()


def javascript_on_opening(made):
    made.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def javascript_by_name(made):
    tree = Dictionary(Names=Array(["a", Dictionary(S=Name.JavaScript, JS="x")]))
    made.Root.Names = Dictionary(JavaScript=tree)


def javascript_in_a_field(made):
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        Rect=Array([0, 0, 9, 9]),
        AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS="x")),
    )
    made.pages[0].Annots = Array([made.make_indirect(field)])


def launch(made):
    made.pages[0].AA = Dictionary(O=Dictionary(S=Name.Launch, F="cmd.exe"))


def attachment(made):
    made.attachments["payload.exe"] = b"MZ"


def attached_to_a_page(made):
    made.pages[0].Annots = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9])))]
    )


def xfa(made):
    made.Root.AcroForm = Dictionary(XFA=made.make_stream(b"<xdp/>"), Fields=Array())


def submit(made):
    made.Root.OpenAction = Dictionary(S=Name.SubmitForm, F="http://example.org")


def film(made):
    made.pages[0].Annots = Array(
        [made.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=Array([0, 0, 9, 9])))]
    )


def vast_page(made):
    made.pages[0].MediaBox = Array([0, 0, 10_000_000, 10_000_000])


def page_of_nothing(made):
    made.pages[0].MediaBox = Array([0, 0, 0, 0])


def vast_image(made):
    picture = made.make_stream(
        b"x",
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=100_000,
        Height=100_000,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray,
    )
    made.pages[0].Resources = Dictionary(XObject=Dictionary(Im=picture))


def bomb(made):
    once = hostile_files.packed_zeros(640 * 1024**2)
    made.pages[0].Contents = made.make_indirect(
        pikepdf.Stream(made, zlib.compress(once, 9), Filter=Array([Name.FlateDecode, Name.FlateDecode]))
    )


def many_filters(made):
    made.pages[0].Contents = pikepdf.Stream(made, b"x", Filter=Array([Name.ASCIIHexDecode] * 12))


def deep(made):
    inner = Dictionary(A=1)
    for _ in range(90):
        inner = Dictionary(A=inner)
    made.Root.Deep = inner


HOSTILE = {
    "JavaScript on opening": (lambda: pdf(javascript_on_opening), "program"),
    "JavaScript by name": (lambda: pdf(javascript_by_name), "program"),
    "JavaScript in a field": (lambda: pdf(javascript_in_a_field), "program"),
    "a command": (lambda: pdf(launch), "starts another program"),
    "an attachment": (lambda: pdf(attachment), "another file"),
    "an attachment on a page": (lambda: pdf(attached_to_a_page), "another file"),
    "XFA": (lambda: pdf(xfa), "XFA"),
    "sends data away": (lambda: pdf(submit), "sends data"),
    "a film": (lambda: pdf(film), "film"),
    "a page of miles": (lambda: pdf(vast_page), "inches"),
    "a page of nothing": (lambda: pdf(page_of_nothing), "inches"),
    "an image of acres": (lambda: pdf(vast_image), "more than any scan"),
    "a bomb": (lambda: pdf(bomb), "unpacks|limits|broken"),
    "many filters": (lambda: pdf(many_filters), "packed|broken"),
    "nested": (lambda: pdf(deep), "nested|broken"),
    "encrypted": (lambda: pdf(encryption=pikepdf.Encryption(user="u", owner="o")), "password"),
    "no pages": (lambda: pdf(pages=0), "no pages|broken"),
    "not what it says": (lambda: b"MZ\x90\x00 an executable", "not a PDF"),
    "nothing": (lambda: b"", "empty"),
    "only a head": (lambda: b"%PDF-1.7\n%%EOF", "broken|no pages"),
    "noise": (lambda: b"%PDF-1.4\n" + np.random.default_rng(1).bytes(200_000), "broken|no pages"),
    "a broken image": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "broken"),
    "a broken TIFF": (lambda: b"II*\x00\xff\xff\xff\x7f" + bytes(20), "broken"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_reason_and_within_its_limits(name, tmp_path):
    make, reason = HOSTILE[name]
    path = tmp_path / "upload"
    path.write_bytes(make())
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(Unreadable, match=reason):
        index.inspect(path)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - used < 60, "seconds of a processor"


def zipped(*members, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members:
            packed.writestr(name, data)
    return out.getvalue()


def test_a_zip_bomb_an_empty_one_and_one_in_another_are_refused(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(zipped(("zeros", bytes(100_000_000))))
    with pytest.raises(Unreadable, match="unpacks to"):
        index.build([path])
    path.write_bytes(zipped())
    with pytest.raises(Unreadable, match=r"not a PDF|empty"):
        index.build([path])
    path.write_bytes(zipped(("inner.zip", zipped(("a.pdf", pdf())))))
    with pytest.raises(Unreadable, match="inside a ZIP"):
        index.build([path])


def test_a_zip_of_records_stands_for_its_members_in_order(tmp_path):
    path = tmp_path / "records.zip"
    path.write_bytes(zipped(("../../b.pdf", pdf(pages=2)), ("a.pdf", pdf()), ("__MACOSX/x", b"")))
    built = index.build([path], scans=False)
    assert [(page.file, page.source_page) for page in built.pages] == [
        ("records.zip/../../b.pdf", 1),
        ("records.zip/../../b.pdf", 2),
        ("records.zip/a.pdf", 1),
    ]
    assert not (tmp_path.parent.parent / "b.pdf").exists()


def test_the_child_gives_up_network_and_files_and_says_so(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf())
    frames = list(sandbox.run_task("inspect", path, tell_limits=True))
    assert set(frames[0][0]) == {"layers"}
    assert frames[1][0]["type"] == "PDF"


def test_a_child_that_stays_with_a_file_gives_up_as_much_before_it_opens_it_and_answers_until_it_is_closed(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf(pages=2))
    once, _ = next(sandbox.run_task("inspect", path, tell_limits=True))
    child = sandbox.SandboxedProcess("images")
    assert child.open("render_pages", path, tell_limits=True, width=300) == (once, b"")
    assert child.ask(page=2) == ({"pages": 2}, b"")  # behind what it holds comes what the file has
    assert [child.ask(page=page)[0]["page"] for page in (1, 2)] == [2, 1]
    child.close()
    child = sandbox.SandboxedProcess("images")
    child.open("render_pages", path, width=300)
    with pytest.raises(Unreadable, match="page 9"):
        child.ask(page=9)
    with pytest.raises(Unreadable):
        child.ask(page=1)
    child.close()
    child.close()


def test_a_child_that_needs_more_memory_than_its_share_is_stopped_and_the_parent_lives(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf())
    child = sandbox.SandboxedProcess("images")

    def draw_large() -> None:
        child.open("render_pages", path, limits=sandbox.ProcessLimits(memory=40 * 1024**2), width=3000)
        child.ask(page=1)

    with pytest.raises(Unreadable, match=r"limits|memory|broken"):
        draw_large()
    child.close()
    assert list(sandbox.run_task("layers", path, name="x"))


def test_a_silent_child_is_taken_down(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf())
    with pytest.raises(Unreadable, match="busy"):
        list(sandbox.run_task("inspect", path, limits=sandbox.ProcessLimits(silence=0.001)))


def test_harmless_files_of_every_kind_are_taken(tmp_path):
    path = tmp_path / "upload"
    picture = Image.new("L", (850, 1100), 255)
    for form, kind in (("PNG", FileType.PNG), ("JPEG", FileType.JPEG), ("TIFF", FileType.TIFF)):
        out = io.BytesIO()
        picture.save(out, form, **({"save_all": True, "append_images": [picture]} if form == "TIFF" else {}))
        path.write_bytes(out.getvalue())
        found = safety.inspect(path)
        assert (found.type, found.pages) == (kind, 2 if form == "TIFF" else 1)
    path.write_bytes(pdf(pages=4))
    assert safety.inspect(path).pages == 4
    path.write_bytes(pdf(lambda made: setattr(made.Root, "OpenAction", Array([made.pages[0].obj, Name.Fit]))))
    assert safety.inspect(path).remarks == ()


def test_a_file_larger_than_any_is_refused_by_its_size_alone(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf())
    with pytest.raises(Unreadable, match="split it"):
        safety.inspect(path, safety.FileLimits(file_bytes=10))
    path.write_bytes(pdf(pages=3))
    with pytest.raises(Unreadable, match="pages"):
        safety.inspect(path, safety.FileLimits(pages=2))
    with pytest.raises(Unreadable, match="objects"):
        safety.inspect(path, safety.FileLimits(objects=2))


def test_a_file_that_was_cut_off_and_mended_is_taken_with_a_remark(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(pdf(pages=3)[:-200])
    assert any("repaired" in remark for remark in safety.inspect(path).remarks)


def test_a_child_that_is_never_silent_for_long_ends_all_the_same():
    """It sends a byte at a time: each is in time, and all of them together are not."""
    ours, theirs = os.pipe()
    ended = threading.Event()

    def drip():
        while not ended.wait(0.01):
            os.write(theirs, b"x")

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        pipe = sandbox._Pipe(ours, silence=60, waits=0.5)
        with pytest.raises(TimeoutError, match=r"^0$"):
            pipe.read(10_000_000)
    finally:
        ended.set()
        thread.join()
        os.close(ours)
        os.close(theirs)
    assert sandbox.ProcessLimits(seconds=60).waited == 480


def test_what_a_caller_does_between_two_frames_is_not_the_child_s_time(monkeypatch):
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr(sandbox.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sandbox.select, "select", lambda *_: ([1], [], []))
    monkeypatch.setattr(sandbox.os, "read", lambda *_: b"x")
    pipe = sandbox._Pipe(0, silence=60, waits=250)
    assert pipe.read(1) + pipe.read(1) == b"xx"  # a hundred seconds each
    with pytest.raises(TimeoutError, match=r"^250$"):
        pipe.read(1)

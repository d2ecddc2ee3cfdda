"""Every text that a site accepts has a letter: scripts, signs, what no font has, words longer than a line."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from tests.budgets import examples

from imr.determination import compose, fonts, normalize, read, renderer
from imr.determination.letter import Decided, Facts, Heading, Letter, Listing, Note, Paragraph, PostalAddress, Table
from imr.determination.pdf import _json, render, typeset
from imr.determination.typography import CUT, LONGEST, STAND_IN, settable, visible
from imr.examples import determination
from imr.records.pdf import page_texts

NAMES = {
    "Latin": "Nguyễn Thị Hường, Łukasz Żółć, José Nuñez, Þórður",
    "Cyrillic": "Иванова Ольга Сергіївна",
    "Greek": "Γεώργιος Παπαδόπουλος",
    "Armenian": "Արամ Խաչատրյան",
    "Georgian": "ნინო ბერიძე",
    "Hebrew": "שרה לוי",
    "Arabic": "مريم العلي",
    "Persian": "رضا پهلوان‌نژاد",
    "Urdu": "محمد علی",
    "Hindi": "क्षितिज शर्मा",
    "Punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "Gujarati": "પ્રિયંકા પટેલ",
    "Bengali": "শ্রীময়ী চট্টোপাধ্যায়",
    "Tamil": "செல்வி முருகன்",
    "Telugu": "శ్రీనివాస్ రావు",
    "Kannada": "ಲಕ್ಷ್ಮೀ ಗೌಡ",
    "Malayalam": "ശ്രീജിത്ത് നായർ",
    "Sinhala": "ශ්‍රී ලංකා",
    "Thai": "สมชาย น้ำใจ",
    "Lao": "ສົມພອນ ວົງສະຫວັນ",
    "Burmese": "ကြည်အောင်",
    "Khmer": "សុខា ខ្មែរ",
    "Amharic": "ብርሃኑ ተስፋዬ",
    "Chinese": "王小明，歐陽娜娜",
    "Japanese": "山田 たろう・サトウ",
    "Korean": "김철수",
    "emoji": "😀 👍🏽 👨‍👩‍👧",
    "signs": "✓ ☐ ☑ → ⇒ • ▪ ≥ ≤ ± ½ ™ № € ₫ ₹ ∞ √ µ °",
}


def every_part(text: str) -> Letter:
    """A letter with `text` in every place where a letter can say something of somebody."""
    return Letter(
        title="Letter", sender=text, reference="CM26-0000001",
        blocks=(
            PostalAddress((text,)), Facts((("Employee", text), ("Name", text))), Note(text, text, (text,)), Heading(text),
            Paragraph(text, text), Paragraph(f"{text}\n\n{text}"), Listing((text,), numbered=True), Listing((text,)),
            Decided("1", text, text), Table((text, "What"), ((text, text),), text),
        ),
    )  # fmt: skip


def outside(made: bytes) -> list[str]:
    """The characters of a PDF that are not on their page."""
    found = []
    document = pypdfium2.PdfDocument(made)
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            if left < 0 or bottom < 0 or right > width or top > height:
                found.append(text.get_text_range(place, 1))
    document.close()
    return found


def test_the_fonts_are_those_of_the_edition_and_no_others():
    # The same value has the same bytes with the same fonts alone; new ones are a new edition: see the docstring of `fonts`.
    assert fonts.digests() == fonts.PACKAGES
    known = typst.Fonts(include_system_fonts=False, font_paths=[str(folder) for folder in fonts.folders()])
    template = (Path(fonts.__file__).parent / "letter.typ").read_text()
    for family in ("Libertinus Serif", "Noto Sans", "New Computer Modern", "DejaVu Sans Mono", "Noto Emoji"):
        assert family in known.families()
        assert f'"{family}"' in template
    scripts = json.loads("[" + template.partition("..(")[2].partition(").map")[0] + "]")
    assert {f"Noto Sans {script}" for script in scripts} <= set(known.families())


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_name_in_any_script_is_set_in_full(name):
    made = typeset(every_part(f"The employee {name}, 44, has pain ({name})."))
    assert made.lacking == ""
    shown = "".join(page_texts(made.data))
    assert {c for c in name if unicodedata.category(c)[0] in "LS"} <= set(unicodedata.normalize("NFC", shown)) | set(
        shown
    )
    assert outside(made.data) == []


def test_a_name_that_runs_from_right_to_left_keeps_its_neighbors_in_place():
    for name in (NAMES["Arabic"], NAMES["Hebrew"]):
        made = render(Letter(title="T", sender="S", blocks=(Paragraph(f"before {name}, 44, behind"),)))
        document = pypdfium2.PdfDocument(made)
        text = document[0].get_textpage()
        boxes = [(text.get_charbox(n), text.get_text_range(n, 1)) for n in range(text.count_chars())]
        line = [(box[0], char) for box, char in boxes if char == "4" or char in name + "befornhid"]
        order = [char for _, char in sorted(line)]
        fours = [place for place, char in enumerate(order) if char == "4"]
        theirs = [place for place, char in enumerate(order) if char in name and not char.isspace()]
        assert max(theirs) < min(fours), "44 stands behind the name, to its right"
        assert order.index(name[-1]) < order.index(name[0]), "its first letter is the one furthest right"
        document.close()


@pytest.mark.parametrize(
    "character", ["\ue123", "\U000f1234", "\U00013000", "\u1820", "\u0378", "\ufffe", "\U0001d165", "\ud800"], ids=ascii
)
def test_what_no_font_has_is_shown_by_a_stand_in_and_named(character):
    made = typeset(every_part(f"Ann {character}e Example"))
    assert made.lacking == ("" if character == "\ud800" else character)
    shown = " ".join(" ".join(page_texts(made.data)).split())
    assert shown.count(f"Ann {STAND_IN}e Example") >= 10
    assert typeset(every_part(f"Ann {character}e Example")) == made


@pytest.mark.parametrize(
    "text",
    [
        "before \u1a18\u1a19 behind",  # marks of a script that no font has
        "x \u1a19 y \u0301 z \u1a18 \u1a19",  # marks above nothing
        " ".join("\u180a\u180b\u180c\u180d\u180f\u1810\u1811\u1812"),
        " ".join(map(chr, range(0x840, 0x890))),
        "\u0740 \u07a0 \u07ec \u0815 \u0840 \u0841 \u0860",  # what makes the renderer panic
        "e\U0001d165 \u0915\u05b0\u0323",  # letters and marks of which each has another font
        "\u202e\u2066\u00ad\ufeff\u2060\U000e0041",
        "\x00\x01\x1c\x7f\x85\u2028\u2029",
        "".join(map(chr, range(0x1F1E6, 0x1F200))),
    ],
    ids=ascii,
)  # fmt: skip
def test_text_of_all_kinds_has_a_letter(text):
    letter = every_part(f"x {text} y")
    made = typeset(letter)
    assert outside(made.data) == []
    assert renderer.typeset(_json(letter), 1356998400) == (made.data, made.lacking), "in any process"


@examples(40)
@given(st.text(max_size=40))
def test_any_text_has_a_letter_on_whose_pages_everything_stands(text):
    assert outside(render(every_part(f"x {text}"))) == []


def test_control_characters_and_what_nobody_sees_are_dropped_and_signs_of_word_processors_mended():
    assert visible("a\x00b\x1bc\u200bd\u202ee\u2066f\ufeffg\u00adh") == "abcdefgh"
    assert visible("\uf0b7 one \uf0fc two \uf0e0") == "• one ✓ two →"
    assert visible("A\ud800B") == f"A{STAND_IN}B"
    assert visible("پهلوان\u200cنژاد") == "پهلوان\u200cنژاد", "it says how the letters are drawn"
    assert visible("An\u200dn\u200c") == "Ann"
    assert "\u202e" not in "".join(page_texts(render(every_part("Ann\u202e Example"))))


LONG = (
    "Flurbiprofen20%Baclofen5%Dexamethasone2%Menthol2%Camphor2%Capsaicin0.0375%HyaluronicAcid0.20%InCreamBase240grams"
)
ADDRESS = "https://example.org/search?query=lumbar+spine+imaging+guideline&year=2016&type=review&journal=spine&sort=date&page=2&format=full"


@pytest.mark.parametrize(
    "word", [LONG, ADDRESS, "W" * 400, "क्ष" * 100, "مريم" * 100, "é" * 300, "王" * 300, "-" * 200, "_" * 200]
)
def test_a_word_longer_than_a_line_is_broken_and_comes_back_whole(word):
    assert outside(render(every_part(word))) == []
    if word.isascii():
        letter = replace_rationale(determination(3), f"The cream {word} is asked for. It is not medically necessary.")
        assert read("\f".join(page_texts(render(compose(letter))))).determination == normalize(letter)


def replace_rationale(letter, rationale):
    first, *others = letter.issues
    return replace(letter, issues=(replace(first, rationale=rationale), *others))


def test_cuts_stand_where_a_word_may_be_broken_and_nowhere_else():
    assert settable("otorhinolaryngologist 5-10 a/b") == "otorhinolaryngologist 5-10 a/b"
    assert settable(LONG).replace(CUT, "") == LONG
    assert max(map(len, settable(LONG).split(CUT))) <= LONGEST
    assert settable("x" * 20 + "/" + "y" * 20) == "x" * 20 + "/" + "y" * 20, "a slash is enough"
    assert settable("e\u0301" * 20, 27).split(CUT)[0] == "e\u0301" * 13


def test_the_last_way_to_a_letter_leaves_its_latin_letters(monkeypatch):
    monkeypatch.setattr(renderer, "_LOOKS", (renderer._rest,))
    made, lacking = renderer.typeset(_json(Letter(title="T", sender="S", blocks=(Paragraph("é \ue123 王"),))), 0)
    assert lacking == "王\ue123"
    assert f"é {STAND_IN} {STAND_IN}" in page_texts(made)[0]
    with pytest.raises(ValueError, match="title"):
        renderer.typeset("{}", 0)


def test_a_fault_of_ours_is_no_fault_of_the_renderer(monkeypatch):
    monkeypatch.setattr(renderer, "_compiler", lambda: None)
    with pytest.raises(AttributeError):
        renderer._set("", 0)


def test_the_rest_of_a_word_stands_where_one_mark_has_no_font(monkeypatch):
    monkeypatch.setattr(renderer, "_lacking", lambda pieces: [piece for piece in pieces if len(piece) > 1])
    assert list(renderer._words('"a e\u0301x b"')) == [("e\u0301x", {"\u0301"})]

"""Templates can be reviewed line by line; `make check` holds their indentation and their lint."""

from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent.parent / "src" / "imr" / "web" / "templates"
LONGEST = 160


def test_no_line_of_a_template_is_too_long_to_be_reviewed():
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    assert len(files) > 100
    too_long = [
        f"{path.relative_to(TEMPLATES)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert too_long == []

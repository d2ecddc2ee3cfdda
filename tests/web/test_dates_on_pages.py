"""Days and hours on pages have one form, whichever page shows them."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

from imr.case.context import CALIFORNIA
from imr.web.platform import formatting

WEB = Path(formatting.__file__).parents[1]


def test_a_day_and_an_hour_have_one_form():
    at = datetime(2026, 7, 4, 21, 5, tzinfo=UTC)
    assert formatting.day(date(2015, 3, 10)) == "Tue, Mar 10, 2015"
    assert formatting.day(at) == "Sat, Jul 4, 2026, 2:05 PM PDT"
    assert formatting.day(datetime(2026, 12, 1, 0, 30, tzinfo=CALIFORNIA)) == "Tue, Dec 1, 2026, 12:30 AM PST"
    assert formatting.only_day(datetime(2026, 7, 5, 2, 0, tzinfo=UTC)) == "Sat, Jul 4, 2026", "the day in California"
    assert formatting.long_date(at) == "July 4, 2026, 2:05 PM PDT"
    assert formatting.long_date(date(2026, 11, 2)) == "November 2, 2026"
    assert formatting.day(None) == ""


def test_no_page_and_no_module_formats_a_month_by_itself():
    templates = [path for path in (WEB / "templates").rglob("*.*") if path.suffix in {".html", ".txt"}]
    modules = [path for path in WEB.rglob("*.py") if path.name not in {"formatting.py", "event_times.py"}]
    assert len(templates) > 100
    assert len(modules) > 100
    # event_times says the seconds by which two clocks are apart.
    by_itself = [
        path.name
        for path in templates
        if re.search(r"\|(date|time):(?![\"'](Y-m-d|c)[\"'])", path.read_text(encoding="utf-8"))
    ]
    by_itself += [path.name for path in modules if re.search(r"%-?[bBpI]\b", path.read_text(encoding="utf-8"))]
    assert by_itself == []

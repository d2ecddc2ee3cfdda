"""Dates as people write them, and figures that are none."""

import pytest

from imr.records.dates import dates

WRITTEN = {
    "03/15/2015": ["2015-03-15"],
    "3.5.15": ["2015-03-05"],
    "2015/03/05": ["2015-03-05"],
    "5-Mar-2015": ["2015-03-05"],
    "Seen 05MAR2015": ["2015-03-05"],
    "Mar-12-2021": ["2021-03-12"],
    "September, 5 2014": ["2014-09-05"],
    "9 / 5 / 2014": ["2014-09-05"],
    "DOB 03/15/38": ["1938-03-15"],
    "12/25/2014-1/3/2015": ["2014-12-25", "2015-01-03"],
    "Pain 4-6/10 at rest": [],
    "rated 6/10-10/10": [],
    "visits 8-10/12 completed": [],
    "5-10-15 minutes": [],
    "02/31/2015": [],
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_is_read_and_a_scale_is_none(text):
    assert [day.isoformat() for *_, day in dates(text)] == WRITTEN[text]

"""Deep, long and odd inputs to the API: refused in words, at little cost, and never with a fault of ours."""

import json
import time

import pytest
from tests.factories import story

from imr.plain import to_plain

#: What a request may take of the processor, in seconds: with limits a few hundredths, without them these took minutes.
MOST = 5.0


def form(**changed):
    return {"application": to_plain(story.application()) | changed}


def employee(**changed):
    return to_plain(story.application())["employee"] | changed


ODD = {
    "arrays in arrays": "[" * 100_000,
    "objects in objects": '{"application":' * 50_000 + "1" + "}" * 50_000,
    "a number of two million digits": '{"application": ' + "9" * 2_000_000 + "}",
    "no numbers": '{"application": NaN, "receipt": Infinity}',
    "the year 1": json.dumps(form(ur_decided_on="0001-01-01", ur_served_on="0001-01-01", injured_on="0001-01-01", rfa_on="0001-01-01")),
    "the year 9999": json.dumps(form(ur_decided_on="9999-12-31", ur_served_on="9999-12-31")),
    "NUL": json.dumps(form(employer="a\x00b")),
    "half of a character": json.dumps(form(employee=employee(last_name="\ud800"))),
    "a diagnosis of a megabyte": json.dumps(form(diagnosis="pain " * 200_000)),
    "nine thousand treatments": json.dumps(form(treatments=[{"description": "x"}] * 9_000)),
    "a word of 60,000 letters": json.dumps(form(treatments=[{"description": "a" * 60_000}])),
    "text turned round": json.dumps(form(employer="a\u202eb" * 3_000)),
    "marks upon marks": json.dumps(form(employer="a" + "\u0315\u0323" * 20_000)),
    "another type": json.dumps(form(employee=["a", {"b": None}], treatments="none", injured_on=1)),
    "the same key twice": '{"application": 1, "application": {}}',
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_input_is_refused_and_costs_little(people, name):
    client = story.client(people["employee"])
    begun = time.process_time()
    answer = client.post("/api/begin/receive-application", ODD[name], content_type="application/json")
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.content[:200])
    assert answer["Content-Type"].startswith("application/json")
    assert time.process_time() - begun < MOST

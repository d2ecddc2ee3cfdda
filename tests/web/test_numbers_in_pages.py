"""Pages say the numbers of the law as the rules of the day give them."""

from datetime import date

import pytest
from django.urls import reverse

from imr.law.days import Unit
from imr.law.limit import in_prose, in_spanish
from imr.law.prose import LimitsInProse, Quantity, limits_on
from imr.web.platform import clock
from imr.web.templatetags import imr as tags

OTHERS = LimitsInProse(
    **{
        name: Quantity(amount, f"{amount} moons", f"{amount} lunas")
        for amount, name in enumerate(LimitsInProse.__dataclass_fields__, 41)
    }
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("page", "says"),
    [
        (
            "public:about",
            ["You have 41 moons", "adds 43 moons", "formulary it is 42 moons", "has 46 moons", "or 47 moons"],
        ),
        ("public:about", ["within 48 moons of the mailing", "Within 41 moons of service, 42 moons for a drug"]),
        ("public:espanol", ["Tiene 41 lunas desde", "tiene 43 lunas más", "tiene 42 lunas.", "dentro de 48 lunas"]),
    ],
)
def test_a_public_page_follows_the_rules(client, monkeypatch, page, says):
    monkeypatch.setattr(tags, "limits_on", lambda _: OTHERS)
    answer = client.get(reverse(page))
    text = " ".join(answer.content.decode().split())
    assert [said for said in says if said not in text] == []


def test_a_page_about_a_case_follows_the_rules_of_its_day():
    assert tags.law_limits(date(2014, 1, 5)).report_months.words == "12 months"
    assert tags.law_limits(None) == limits_on(clock.today())
    assert tags.law_limits().report_months.amount == 6


def test_the_periods_of_the_site_are_said():
    assert tags.site_periods() == {
        "quarantine": "90 days",
        "failures": "7 days",
        "mail": "3 days",
        "account_changes": "7 days",
        "signing_pause": "24 hours",
        "next_signing_key": "24 hours",
    }


def test_quantities_are_said_in_two_languages():
    units = {unit: (in_prose(2, unit), in_spanish(2, unit), in_spanish(1, unit)) for unit in Unit}
    assert units == {
        Unit.CALENDAR: ("2 days", "2 días", "1 día"),
        Unit.BUSINESS: ("2 working days", "2 días hábiles", "1 día hábil"),
        Unit.COURT: ("2 court days", "2 días judiciales", "1 día judicial"),
        Unit.HOURS: ("2 hours", "2 horas", "1 hora"),
    }

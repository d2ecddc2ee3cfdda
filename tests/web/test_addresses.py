"""One address for a case: every address of before leads there, and no page leads to one of before."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import resolve
from tests.factories import story
from tests.factories.url_walk import routes

from imr.case.state import Stage
from imr.law.terms import Role
from imr.web import accounts
from imr.web.portals import cases
from imr.web.portals.base.registry import PORTAL_INFO, portals_of
from imr.web.store import notifications

UPLOAD = "00000000-0000-4000-8000-000000000000"
DIGEST = "ab" * 32
#: What stood below the number of a case in every portal, and where it is now where that is something else.
OF_EVERY_PORTAL = (
    "", "application/", "letter/", "deadlines.ics", f"documents/{DIGEST}/", f"documents/{DIGEST}/pages/",
    f"documents/{DIGEST}/pages/1/", "file/", "file/chronology/", "file/completeness/", "file/whole.pdf", f"file/{DIGEST}/1/",
    f"file/{DIGEST}/1/image/", f"file/{DIGEST}/1/notes/", f"file/{DIGEST}/1/correct/", "uploads/", f"uploads/{UPLOAD}/",
    "withdraw-consent/",
)  # fmt: skip
OF_THE_REVIEWER = ("draft/", "draft/saved/", "checks/", "evidence/1/", "like/")
OLD = {
    **{f"/{info.name}/N-1/{rest}": f"/cases/N-1/{rest}" for info in PORTAL_INFO for rest in OF_EVERY_PORTAL},
    **{f"/reviewer/N-1/{rest}": f"/cases/N-1/{rest}" for rest in OF_THE_REVIEWER},
    **{f"/{name}/received/N-1/": "/cases/N-1/receipt/" for name in ("employee", "imro")},
    **{f"/{name}/received/N-1/receipt.pdf": "/cases/N-1/receipt.pdf" for name in ("employee", "imro")},
    "/reviewer/N-1/letter.pdf": "/cases/N-1/draft/letter.pdf",
    "/dwc/N-1/events.jsonl": "/cases/N-1/events.jsonl",
}


@pytest.fixture
def people(db):
    return story.cast()


def test_every_address_of_before_leads_to_the_one_of_the_case(client):
    assert len(OLD) == 119, "that many were of one case"
    for old, new in OLD.items():
        assert resolve(new).view_name.startswith("cases:"), new
        for method, status in (("get", 301), ("head", 301), ("post", 308), ("patch", 308), ("delete", 308)):
            answer = getattr(client, method)(f"{old}?q=low+back&by=date")
            assert (answer.status_code, answer["Location"]) == (status, f"{new}?q=low+back&by=date"), (method, old)
        assert client.get(old)["Location"] == new


def test_what_a_form_of_before_sends_is_taken(people):
    number = story.receive(people)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people["employee"])
    page = browser.get(f"/employee/{number}/withdraw-application/", follow=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())[1]
    said = {"send": "1", "letter-text": "I feel better.", "csrfmiddlewaretoken": token}
    done = browser.post(f"/employee/{number}/withdraw-application/", said, follow=True)
    assert [one[1] for one in done.redirect_chain] == [308, 302]
    assert done.redirect_chain[-1][0] == f"/cases/{number}/"
    assert "Done" in done.content.decode()


def test_who_is_signed_out_is_asked_to_sign_in_and_keeps_what_was_typed(people):
    number = story.receive(people)
    asked = Client().get(f"/employee/{number}/withdraw-application/", follow=True)
    assert asked.redirect_chain[-1][0].endswith(f"/account/login/?next=/cases/{number}/withdraw-application/")
    typed = "I feel better now, and withdraw."
    kept = Client().post(f"/employee/{number}/withdraw-application/", {"letter-text": typed}, follow=True)
    assert kept.status_code == 401
    assert typed in kept.content.decode()
    assert f'action="/cases/{number}/withdraw-application/"' in kept.content.decode()


#: Who sees a case, and under which heading.
SEEN = {
    "employee": "My reviews", "attorney": "My reviews", "adjuster": "Claims", "physician": "Reviews of my requests",
    "intake": "Review organization", "coordinator": "Review organization", "quality": "Review organization",
    "reviewer": "My assignments", "division": "Oversight",
}  # fmt: skip


def _shown(people, *, each_document):
    """Open a case as everybody who sees it, and all that its page leads to; a document once, or once for each of them."""
    number = story.to(Stage.PUBLISHED, people)
    old = re.compile(rf"/(?:{'|'.join(info.name for info in PORTAL_INFO)})/(?:received/)?{re.escape(number)}")
    opened = set()
    for name, title in SEEN.items():
        accounts.give_second_factor(people[name])
        browser = story.client(people[name])
        page = browser.get(f"/cases/{number}/").content.decode()
        assert re.search(rf'class="eyebrow">\s*{title}\s*<', page), name
        menu = re.findall(r'<a href="([^"]+)"[^>]*aria-current="true"', page)
        (own,) = (info.name for info in portals_of(people[name]))
        assert f"/{own}/" in menu, (name, menu)
        pages = {f"/{own}/", *re.findall(rf'(?:href|action|src)="(/cases/{re.escape(number)}/[^"?#]*)', page)}
        assert len(pages) > 3
        documents = sorted(address for address in pages if "/documents/" in address)
        # One at least: the page of a document has the layout of each portal. It is drawn in a process of its own.
        passed_over = set() if each_document else {*documents[1:]} & opened
        for address in sorted(pages - passed_over):
            answer = browser.get(address, follow=True)
            assert answer.status_code == 200, (name, address)
            if answer["Content-Type"].startswith("text/html"):
                assert not old.search(answer.content.decode()), (name, address)
        opened |= pages
    for stranger in ("other employee", "other adjuster", "other physician"):
        assert story.client(people[stranger]).get(f"/cases/{number}/").status_code == 404


def test_one_address_shows_a_case_to_each_as_their_portal_does_and_links_to_no_address_of_before(people):
    _shown(people, each_document=False)


@pytest.mark.long
def test_every_document_is_shown_to_each_as_their_portal_does(people):
    _shown(people, each_document=True)


def test_of_an_office_and_the_division_in_one_case_the_first_of_the_registry_shows_it(people):
    number = story.receive(people)
    both = people["coordinator"]
    both.roles = [Role.COORDINATOR.value, Role.DIVISION.value]
    both.save()
    accounts.give_second_factor(both)
    browser = story.client(both)
    page = browser.get(f"/cases/{number}/").content.decode()
    assert re.search(r'class="eyebrow">\s*Review organization\s*<', page)
    assert browser.get(f"/cases/{number}/events.jsonl").status_code == 200, "a page that the first does not have"
    assert browser.get(f"/cases/{number}/draft/").status_code == 404


def test_each_page_of_a_portal_has_its_address_and_each_address_its_page():
    names = {name for portal in cases.PORTALS for name in portal.case_pages()}
    assert names == set(cases.ROUTES)
    assert [portal.info for portal in cases.PORTALS] == list(PORTAL_INFO)
    own = [route for route in routes() if route.partition("/")[0] in {info.name for info in PORTAL_INFO}]
    assert not [route for route in own if "<" in route], "a portal has no address of a single case"


def test_a_mail_names_the_address_of_its_case(people, settings):
    number = story.receive(people)
    notifications.send_pending()
    assert mail.outbox
    for message in mail.outbox:
        (address,) = re.findall(rf"{re.escape(settings.SITE)}(/\S*)", message.body)
        assert (address, resolve(address).view_name) == (f"/cases/{number}/", "cases:case")

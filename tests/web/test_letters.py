"""Names that a site accepts never stop a case, and staff hear what a letter cannot show."""

from dataclasses import replace

from tests.factories import story

from imr.records.pdf import page_texts
from imr.web import access, accounts

#: Cuneiform has no font here; a name with it is a name all the same.
NAME = "王小明 \U00012000 ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ مريم العلي សុខា สมชาย 김철수 😀"


def signed_in(person):
    accounts.give_second_factor(person)
    return story.client(person)


def test_a_name_in_any_script_takes_its_case_to_the_notice_of_assignment(people):
    number = story.receive(people, employee=replace(story.application().employee, first_name=NAME))
    story.decide_eligibility(people["intake"], number)
    client = signed_in(people["coordinator"])
    address = f"/cases/{number}/assign-organization/"
    assert "U+12000" in client.get(address).content.decode()
    looked = client.post(address, {"look": "1", "service": "ELECTRONIC"})
    assert looked["content-type"] == "application/pdf"
    assert "王小明 \ufffd" in " ".join(page_texts(looked.content))
    assert client.post(address, {"send": "1", "service": "ELECTRONIC"}).status_code == 302
    page = client.get(f"/cases/{number}/").content.decode()
    assert "Letters cannot show every character of this case." in page
    assert "\U00012000 (U+12000)" in page
    assert access.case(access.open_case(people["coordinator"], number)).number == number


def test_a_case_whose_letters_show_everything_says_nothing_of_it(people):
    number = story.receive(people)
    assert "cannot show" not in signed_in(people["intake"]).get(f"/cases/{number}/").content.decode()

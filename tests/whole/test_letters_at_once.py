"""Letters of a running site: started as `make run` starts it, first start included, and asked by many people at once."""

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

import psutil
import pytest
from tests.factories.live_site.running import Site

# Many people at once, and two kills.
pytestmark = pytest.mark.long

AT_ONCE = 64


@pytest.fixture(scope="module")
def site():
    """A site of two workers with eight threads each, right after its first start."""
    with Site("--workers", "2") as running:
        yield running


def get(address):
    with urlopen(address, timeout=100) as answer:
        return answer.status, answer.read()


def test_letters_asked_at_once_right_after_a_first_start_are_those_asked_alone(site):
    address = site.url
    listed = get(address + "/determinations/")[1].decode()
    letters = [
        f"/determinations/{number}.pdf" for number in sorted(set(re.findall(r"/determinations/(CM[\d-]+)/", listed)))
    ]
    assert len(letters) == 2, listed
    wanted = [address + letters[n % 2] for n in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as people:
        at_once = list(people.map(get, wanted))
    assert [status for status, _ in at_once] == [200] * AT_ONCE
    alone = {one: get(one)[1] for one in set(wanted)}
    assert all(made.startswith(b"%PDF") for made in alone.values())
    assert [made for _, made in at_once] == [alone[one] for one in wanted]
    assert 1 <= len(site.letter_workers()) <= 2 * 2, "two workers with two processes each"
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = [people.submit(get, one) for one in wanted]
        site.letter_workers()[0].kill()
        assert [answer.result() for answer in answers] == at_once


def test_the_processes_that_set_letters_end_with_their_worker(site):
    children = site.letter_workers()
    assert children
    for worker in {one.ppid() for one in children}:
        os.kill(worker, signal.SIGKILL)
    _, living = psutil.wait_procs(children, timeout=30)
    assert living == []

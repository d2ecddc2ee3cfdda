"""What the tests of the site share."""

import shutil

import pytest
from tests.factories import story
from tests.factories.case_file import filed, fresh_pages, reviewed
from tests.factories.kept_readings import kept_readings
from tests.factories.portals import sign_in
from tests.factories.reset_history import emptied_between_tests
from tests.factories.s3 import in_bucket, in_folder, keys, place, server

from imr.case.state import Stage
from imr.web.platform import clock

__all__ = [
    "emptied_between_tests",
    "filed",
    "fresh_pages",
    "in_bucket",
    "in_folder",
    "kept_readings",
    "keys",
    "place",
    "reviewed",
    "server",
    "sign_in",
]


@pytest.fixture
def people(db):
    """Everybody of the story."""
    return story.cast()


@pytest.fixture
def number(people) -> str:
    """The number of a case that is under review."""
    return story.to(Stage.UNDER_REVIEW, people)


@pytest.fixture(autouse=True)
def no_anchors_of_another_test(settings):
    """Each test begins without anchors outside, as its database does."""
    place = settings.STORAGES["anchors"]["OPTIONS"]["location"]
    yield
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(autouse=True)
def desks_cleared():
    """No child that draws pages outlives the test in which somebody looked at them."""
    yield
    from imr.web.case_files import page_images

    page_images.close_workers()


@pytest.fixture(autouse=True)
def no_session_grows_old():
    """No time passes for sessions, however slow the machine is: a page writes it once a minute, which some tests would count."""
    now = clock.elapsed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "elapsed", lambda: now)
        yield

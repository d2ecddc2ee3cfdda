"""The API holds up under requests that nobody wrote: whatever is sent, nothing breaks and nothing is half written."""

import json

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.factories import story

from imr.case.chain import verify
from imr.case.state import Stage
from imr.plain import to_plain
from imr.web import access, accounts
from imr.web.api.cases import api

SPARING = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations():
    """Each operation of the API. The import takes seconds, which a worker that has neither case need not spend."""
    import schemathesis

    schema = json.loads(json.dumps(to_plain(dict(api.get_openapi_schema()))))
    return [found.ok() for found in schemathesis.openapi.from_dict(schema).get_all_operations()]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["coordinator", "reviewer"])
def test_no_request_breaks_the_site(operations, role):
    people = story.cast()
    number = story.to(Stage.UNDER_REVIEW, people)
    accounts.give_second_factor(people[role])
    visitor = story.client(people[role])
    answered = set()
    for operation in operations:

        @SPARING
        @given(case=operation.as_strategy())
        def once(case):
            if "number" in (case.path_parameters or {}):
                case.path_parameters["number"] = number
            query = {key: value for key, value in (case.query or {}).items() if value is not None}
            body = "" if not isinstance(case.body, dict | list) else json.dumps(case.body)
            answer = visitor.generic(
                case.method, f"/{case.formatted_path.lstrip('/')}", body, "application/json", query_params=query
            )
            assert answer.status_code < 500, (case.method, case.path, case.body, answer.content[:500])
            answered.add(answer.status_code)

        once()
    assert {200, 404, 409, 422} <= answered
    verify(access.events(access.open_case(people["coordinator"], number)))

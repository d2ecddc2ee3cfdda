"""docs/workflow.md holds every step and every event."""

from imr.case.events import KINDS
from imr.case.state import Stage
from imr.case.steps import STEPS
from tools.workflow_document import document


def test_the_workflow_is_whole():
    text = document()
    for step in STEPS.values():
        assert f"`{step.name}`" in text
        assert step.title in text
    for kind in KINDS:
        assert f"| `{kind}` |" in text
    for stage in Stage:
        assert f'state "{stage.value}" as {stage.name}' in text
    assert "NEW --> RECEIVED: receive-application" in text
    assert "REVERSED --> [*]" in text
    assert document() == text

"""A draft of a determination, treatment by treatment, as a form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms

from imr.case.application import Application, DisputedTreatment
from imr.case.state import Case
from imr.determination.headings import partial_heading
from imr.determination.model import Determination, Issue
from imr.law.terms import Decision
from imr.web.forms import Group
from imr.web.portals.listing import Listed

_PARTS = {
    "administrator_basis": (
        "What the claims administrator relied on",
        "The guideline that the UR decision names. Leave it empty if it names none.",
    ),
    "reviewer_basis": ("What you rely on", "Guideline, chapter and page, or the evidence in its order."),
    "rationale": (
        "Why",
        "In words that the employee understands: what the records show, what the guideline asks, how the two meet.",
    ),
}
DECISIONS = [
    (Decision.UPHELD.name, "Upheld: the treatment is not medically necessary"),
    (Decision.OVERTURNED.name, "Overturned: the treatment is medically necessary"),
]


def heading(treatment: DisputedTreatment) -> str:
    """The heading of a disputed treatment in the letter."""
    if treatment.authorized:
        return partial_heading(treatment.description, treatment.authorized, treatment.description)
    return treatment.description


def disputed(case: Case, treatments: Sequence[DisputedTreatment]) -> list[DisputedTreatment]:
    """The treatments under review: those of the application less those found ineligible."""
    return [treatment for n, treatment in enumerate(treatments, 1) if n not in case.excluded]


def issue(treatment: DisputedTreatment, decision: Decision, texts: Mapping[str, str]) -> Issue:
    """A disputed treatment with what is decided on it; `texts` are the two guidelines and the reasons."""
    return Issue(
        heading=heading(treatment),
        treatment=treatment.description,
        original_request=treatment.description if treatment.authorized else None,
        authorized=treatment.authorized or None,
        decision=decision,
        **{part: texts.get(part, "") for part in _PARTS},
    )


class DraftForm(forms.Form):
    """The summary, the reviewer's qualifications, each disputed treatment, and the documents that were reviewed."""

    use_required_attribute = False
    lists = ()

    def __init__(
        self,
        case: Case,
        application: Application,
        documents: Sequence[Listed],
        draft: Determination | None,
        qualified: Mapping[str, Any],
        organization: str,
        data: Any = None,
        *,
        saved_at: datetime | None = None,
    ) -> None:
        self.case, self.application, self.organization = case, application, organization
        self.file = tuple(documents)
        self.disputed = disputed(case, application.treatments)
        super().__init__(data, initial=self._initial(draft, qualified, saved_at))
        self.fields["summary"] = forms.CharField(
            label="Summary of the case",
            help_text="The injury, the course, the findings and what was asked for. No names.",
            required=False,
            widget=forms.Textarea(attrs={"rows": 8}),
        )
        self.fields["specialty"] = forms.CharField(label="Your specialty, as the letter states it", required=False)
        self.fields["licensure"] = forms.CharField(
            label="States in which you are licensed", help_text="With commas between them.", required=False
        )
        for number in range(1, len(self.disputed) + 1):
            self.fields[f"decision_{number}"] = forms.ChoiceField(
                label="Decision", choices=DECISIONS, required=False, widget=forms.RadioSelect
            )
            for part, (title, said) in _PARTS.items():
                rows = 8 if part == "rationale" else 3
                self.fields[f"{part}_{number}"] = forms.CharField(
                    label=title, help_text=said, required=False, widget=forms.Textarea(attrs={"rows": rows})
                )
        self.fields["documents"] = forms.MultipleChoiceField(
            label="Documents that you reviewed",
            help_text="The letter lists each of them with its kind, date, author and pages, from the index of the case file.",
            required=False,
            choices=[(one.key, one.label()) for one in self.file],
            widget=forms.CheckboxSelectMultiple,
        )

    def _initial(
        self, draft: Determination | None, qualified: Mapping[str, Any], saved_at: datetime | None
    ) -> dict[str, Any]:
        start: dict[str, Any] = {**qualified, "documents": [one.key for one in self.file if one.proposed]}
        if draft is None:
            return start
        start |= {
            "summary": draft.summary,
            "specialty": draft.specialty,
            "licensure": ", ".join(draft.licensure),
            "documents": [one.key for one in self.file if one.is_in(draft, saved_at)],
        }
        written = {one.heading: one for one in draft.issues}
        for number, treatment in enumerate(self.disputed, 1):
            found = written.get(heading(treatment))
            if found is not None:
                start[f"decision_{number}"] = found.decision.name
                start |= {f"{part}_{number}": getattr(found, part) for part in _PARTS}
        return start

    def groups(self) -> list[Group]:
        """The parts of the draft as they stand on the page."""
        issues = [
            Group(
                f"Treatment {number}: {treatment.description}",
                f"UR approved a part: {treatment.authorized}" if treatment.authorized else "",
                tuple(self[f"{name}_{number}"] for name in ("decision", *_PARTS)),
                row=True,
            )
            for number, treatment in enumerate(self.disputed, 1)
        ]
        return [
            Group("", "", (self["summary"],)),
            *issues,
            Group("Your qualifications", "Never your name.", (self["specialty"], self["licensure"])),
            Group("", "", (self["documents"],)),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the decision where something is written on a treatment: its text is kept with a decision only."""
        cleaned = super().clean() or {}
        for number in range(1, len(self.disputed) + 1):
            if not cleaned.get(f"decision_{number}") and any(cleaned.get(f"{part}_{number}") for part in _PARTS):
                self.add_error(f"decision_{number}", "Choose upheld or overturned, so that your text can be kept.")
        return cleaned

    def draft(self) -> Determination:
        """The draft as far as it is written. Only after `is_valid()`."""
        said, filing, dates = self.cleaned_data, self.case.filing, self.case.dates()
        reviewed = {one.key: one.reviewed for one in self.file}
        return Determination(
            case_number=self.case.number,
            review_type=self.case.review_type,
            injured_on=filing.injured_on if filing else None,
            ur_decided_on=filing.ur_decided_on if filing else None,
            received_on=dates.application_received_on,
            assigned_on=self.case.assigned_on,
            decided_on=None,
            licensure=tuple(part.strip() for part in said["licensure"].split(",") if part.strip()),
            specialty=said["specialty"],
            summary=said["summary"],
            issues=tuple(
                issue(
                    treatment,
                    Decision[said[f"decision_{number}"]],
                    {part: said[f"{part}_{number}"] for part in _PARTS},
                )
                for number, treatment in enumerate(self.disputed, 1)
                if said[f"decision_{number}"]
            ),
            organization=self.organization,
            documents=tuple(reviewed[key] for key in said["documents"]),
        )

"""A draft of a determination, treatment by treatment, as a form.

The content of the form is saved as a working copy, field by field as it was typed, decided or not. `DraftForm.draft` is the
determination of the treatments that are decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils import timezone

from imr.case.application import Application, DisputedTreatment
from imr.case.qualifications import FEWEST
from imr.case.state import Case
from imr.determination.headings import partial_heading
from imr.determination.model import Determination, Issue
from imr.law.terms import Decision
from imr.web.access import Content, WorkingCopy
from imr.web.platform import clock
from imr.web.platform.formatting import hour, long_date
from imr.web.portals.base.forms import Group
from imr.web.portals.reviewer.documents_reviewed import ListableDocument

_PARTS = {
    "administrator_basis": (
        "What the claims administrator relied on",
        "The guideline that the UR decision names. Leave it empty if it names none.",
    ),
    "reviewer_basis": ("What you rely on", "Guideline, chapter and page, or the evidence in its order."),
    "rationale": (
        "Why",
        "In words that the employee understands: what the records show, what the guideline asks for, and whether they meet it.",
    ),
}
DECISIONS = [
    (Decision.UPHELD.name, "Upheld: the treatment is not medically necessary"),
    (Decision.OVERTURNED.name, "Overturned: the treatment is medically necessary"),
]


def heading(treatment: DisputedTreatment) -> str:
    """Return the heading of a disputed treatment in the letter."""
    if treatment.authorized:
        return partial_heading(treatment.description, treatment.authorized, treatment.description)
    return treatment.description


def disputed(case: Case, treatments: Sequence[DisputedTreatment]) -> list[DisputedTreatment]:
    """Return the treatments under review: those of the application without those found ineligible."""
    return [treatment for n, treatment in enumerate(treatments, 1) if n not in case.excluded]


def issue(treatment: DisputedTreatment, decision: Decision, texts: Mapping[str, str]) -> Issue:
    """Return a disputed treatment with its decision; `texts` are the two guidelines and the reasons."""
    return Issue(
        heading=heading(treatment),
        treatment=treatment.description,
        original_request=treatment.description if treatment.authorized else None,
        authorized=treatment.authorized or None,
        decision=decision,
        **{part: texts.get(part, "") for part in _PARTS},
    )


def decided(content: Content, count: int) -> list[int]:
    """Return the numbers of the treatments, out of `count`, that a working copy decides."""
    return [number for number in range(1, count + 1) if str(content.get(f"decision_{number}")) in Decision.__members__]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions of a draft differ: the content of each, in words."""

    name: str
    label: str
    mine: str
    saved: str
    joins: bool

    @property
    def choice(self) -> str:
        """Return the name of the field that says which of the two is kept."""
        return f"keep-{self.name}"


#: A number that a page sends back is no longer than this.
MOST_DIGITS = 9
#: The choices between two versions of a field.
MINE, SAVED, BOTH = "mine", "saved", "both"
#: The field that says when the page was made: a document that came later was not shown on it.
AS_OF = "as_of"


class DraftForm(forms.Form):
    """The summary, the reviewer's qualifications, each disputed treatment, and the documents that were reviewed.

    `content` is the working copy. Nothing in it is refused: an unfinished draft is saved as it is.
    """

    use_required_attribute = False
    lists = ()

    def __init__(
        self,
        case: Case,
        application: Application,
        documents: Sequence[ListableDocument],
        organization: str,
        content: Content,
    ) -> None:
        self.case, self.application, self.organization = case, application, organization
        self.file = tuple(documents)
        self.disputed = disputed(case, application.treatments)
        self.content = {**content, "documents": self._chosen(content)}
        super().__init__(initial={**self.content, AS_OF: clock.now().isoformat()})
        self.fields[AS_OF] = forms.CharField(widget=forms.HiddenInput)
        self.fields["summary"] = forms.CharField(
            label="Summary of the case",
            help_text="The injury, the course, the findings and what was asked for. No names.",
            required=False,
            widget=forms.Textarea(attrs={"rows": 8}),
        )
        self.fields["specialty"] = forms.CharField(
            label="Your specialty, as the letter states it",
            help_text=f"One that you share with at least {FEWEST - 1} others of the panel, where there is one: more could tell who you are.",
            required=False,
        )
        self.fields["licensure"] = forms.CharField(
            label="States in which you are licensed",
            help_text="With commas between them. The letter need not name them all: many states together could tell who you are.",
            required=False,
        )
        for number in range(1, len(self.disputed) + 1):
            self.fields[f"decision_{number}"] = forms.ChoiceField(
                label="Decision", choices=DECISIONS, required=False, widget=forms.RadioSelect
            )
            for part, (title, help_text) in _PARTS.items():
                rows = 8 if part == "rationale" else 3
                self.fields[f"{part}_{number}"] = forms.CharField(
                    label=title, help_text=help_text, required=False, widget=forms.Textarea(attrs={"rows": rows})
                )
        self.fields["documents"] = forms.MultipleChoiceField(
            label="Documents that you reviewed",
            help_text="The letter lists each of them with its kind, date, author and pages, from the index of the case file.",
            required=False,
            choices=[(one.key, one.label()) for one in self.file],
            widget=forms.CheckboxSelectMultiple,
        )

    def _chosen(self, content: Content) -> list[str]:
        """Return the documents that are checked, in the order of the file, with those that came after the page was made.

        Where a file was checked as a whole, before it was read, each of its documents replaces it.
        """
        ticked, page = set(content.get("documents", ())), _moment(content.get(AS_OF))
        return [
            one.key
            for one in self.file
            if one.key in ticked or one.key.partition("-")[0] in ticked or (page is not None and one.since > page)
        ]

    def over(self, content: Content) -> "DraftForm":
        """Return the same form with other content."""
        return DraftForm(self.case, self.application, self.file, self.organization, content)

    def typed(self, sent: QueryDict) -> dict[str, str | list[str]]:
        """Return what a page sent of this form, field by field, as a working copy stores it."""
        found: dict[str, str | list[str]] = {
            name: sent.get(name, "").replace("\r\n", "\n").replace("\x00", "")
            for name in self.fields
            if name != "documents"
        }
        return found | {"documents": sent.getlist("documents")}

    def differences(self, mine: Content, saved: Content) -> list[Difference]:
        """Return the fields in which two versions differ."""
        found = []
        mine, saved = self.over(mine).content, self.over(saved).content
        for name, field in self.fields.items():
            one, other = mine.get(name) or "", saved.get(name) or ""
            if name == AS_OF or one == other:
                continue
            shown = self._words(name, one, other), self._words(name, other, one)
            found.append(Difference(name, self._label(name, field), *shown, joins=not name.startswith("decision_")))
        return found

    def merged(self, mine: Content, saved: Content, sent: QueryDict) -> dict[str, str | list[str]]:
        """Merge two versions as a page says; where it does not say, both texts are kept."""
        content, kept = self.over(mine).content, self.over(saved).content
        for one in self.differences(mine, saved):
            other = kept.get(one.name) or ""
            keep = sent.get(one.choice, BOTH if one.joins else MINE)
            if keep == SAVED:
                content[one.name] = other
            elif keep == BOTH and one.name == "documents":
                content[one.name] = [*content[one.name], *other]
            elif keep == BOTH and one.joins:
                content[one.name] = "\n\n".join(str(text) for text in (content[one.name], other) if text)
        return content

    def _label(self, name: str, field: forms.Field) -> str:
        _, _, number = name.rpartition("_")
        return f"Treatment {number}: {field.label}" if number.isdecimal() else str(field.label)

    def _words(self, name: str, value: str | list[str], other: str | list[str]) -> str:
        """Return the content of a field in words; of the documents those that the other version does not have."""
        if name == "documents":
            return "; ".join(one.label() for one in self.file if one.key in value and one.key not in other)
        return dict(DECISIONS).get(str(value), str(value)) if name.startswith("decision_") else str(value)

    def groups(self) -> list[Group]:
        """Return the parts of the draft in the order of the page."""
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

    def text(self, name: str) -> str:
        """Return the content of a field."""
        return str(self.content.get(name) or "")

    @property
    def decided(self) -> list[int]:
        """Return the numbers of the treatments that are decided, in the order of the draft's issues."""
        return decided(self.content, len(self.disputed))

    @property
    def undecided(self) -> list[tuple[int, str]]:
        """Return the treatments that are not decided yet, each with its number: the letter leaves them out."""
        every = enumerate(self.disputed, 1)
        return [(number, heading(one)) for number, one in every if number not in self.decided]

    def draft(self) -> Determination:
        """Return the determination that the draft makes, as far as it is decided."""
        filing, dates = self.case.filing, self.case.dates
        reviewed = {one.key: one.reviewed for one in self.file}
        return Determination(
            case_number=self.case.number,
            review_type=self.case.review_type,
            injured_on=filing.injured_on if filing else None,
            ur_decided_on=filing.ur_decided_on if filing else None,
            received_on=dates.application_received_on,
            assigned_on=dates.assigned_on,
            decided_on=None,
            licensure=tuple(part.strip() for part in self.text("licensure").split(",") if part.strip()),
            specialty=self.text("specialty").strip(),
            summary=self.text("summary").strip(),
            issues=tuple(
                issue(
                    self.disputed[number - 1],
                    Decision[self.text(f"decision_{number}")],
                    {part: self.text(f"{part}_{number}").strip() for part in _PARTS},
                )
                for number in self.decided
            ),
            organization=self.organization,
            documents=tuple(reviewed[key] for key in self.content["documents"]),
        )


def begun(
    case: Case,
    application: Application,
    documents: Sequence[ListableDocument],
    draft: Determination | None,
    qualified: Mapping[str, str],
    draft_at: datetime | None,
) -> dict[str, str | list[str]]:
    """Return the first content of a draft: the one that the quality review returned, else what is known of the reviewer."""
    if draft is None:
        return {**qualified, "documents": [one.key for one in documents if one.proposed]}
    written = {one.heading: one for one in draft.issues}
    content: dict[str, str | list[str]] = {
        "summary": draft.summary,
        "specialty": draft.specialty,
        "licensure": ", ".join(draft.licensure),
        "documents": [one.key for one in documents if one.is_in(draft, draft_at)],
    }
    for number, treatment in enumerate(disputed(case, application.treatments), 1):
        found = written.get(heading(treatment))
        if found is not None:
            content[f"decision_{number}"] = found.decision.name
            content |= {f"{part}_{number}": getattr(found, part) for part in _PARTS}
    return content


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def numbered(text: object) -> int:
    """Return a number that a page sends back; 0 where it sends none."""
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < MOST_DIGITS else 0


def saved_words(copy: WorkingCopy) -> str:
    """Return when a working copy was saved, for a page; empty where it was not."""
    if copy.saved_at is None:
        return ""
    at = timezone.localtime(copy.saved_at)
    return hour(at) if at.date() == clock.today() else long_date(at)


def conflict(form: DraftForm, mine: Content, saved: Content, copy: WorkingCopy, version: int) -> dict[str, object]:
    """Return what a page needs to show two versions of a draft side by side: `version` is the version that mine began from."""
    return {
        "differences": form.differences(mine, saved),
        "other": copy.version,
        "version": version,
        "saved": saved_words(copy),
    }

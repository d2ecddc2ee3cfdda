"""Runs beside a site, on its data: `inside.py people` makes its people, `inside.py count` counts what is there.

Both print JSON. A test starts it as a process of its own, since its own settings are those of the suite.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT))
os.environ["DJANGO_SETTINGS_MODULE"] = "imr.web.settings"

import django

django.setup()

from django.db.models import Count
from tests.factories import story
from tests.factories.live_site import cast

from imr.case.chain import replay, verify
from imr.case.outside import outside_chain
from imr.errors import ImrError
from imr.web import accounts
from imr.web.models import CaseRow, DocumentRow, EventRow, OutboxRow, ReviewerRow, ServiceRow
from imr.web.platform.authentication import needs_second_factor
from imr.web.store import cases
from imr.web.store.documents import load


def people() -> dict[str, str]:
    """Make everybody of the cast; the secret of each one's second factor by name."""
    accounts.enter_panel(story.reviewer(number, *name) for number, name in cast.PANEL.items())
    ReviewerRow.objects.filter(pk__in=cast.PANEL).update(capacity=99)
    secrets = {}
    for name, member in cast.CAST.items():
        person = accounts.make(
            member.email, cast.PASSWORD, *member.roles, reviewer=member.reviewer, organization=member.organization
        )
        if member.reviewer:
            accounts.give_invented_key(person)
        told = accounts.give_second_factor(person) if needs_second_factor(person) else ""
        secrets[name] = parse_qs(urlsplit(told).query)["secret"][0] if told else ""
    return secrets


def count(numbers: list[str]) -> dict[str, object]:
    """What the database and the storage hold of these cases; the chain of each is verified and replayed."""
    broken, outside = [], []
    for number in numbers:
        try:
            chain = cases.chain(number)
            verify(chain)
            shown = outside_chain(chain)
            verify(shown)
            outside += [(number, item.digest) for item in shown]
            stage = replay(chain).stage.name
            kept = CaseRow.objects.get(pk=number).stage
            if stage != kept:
                broken.append(f"{number}: the row says {kept}, its history {stage}")
        except ImrError as error:
            broken.append(f"{number}: {error}")
    ours = DocumentRow.objects.filter(case__in=numbers)
    for digest in set(ours.values_list("digest", flat=True)):
        try:
            load(digest)
        except ImrError as error:
            broken.append(f"document {digest}: {error}")
    mail = OutboxRow.objects.filter(case__in=numbers)
    events = EventRow.objects.filter(case__in=numbers).order_by("case", "number")
    copies = ServiceRow.objects.filter(case__in=numbers, channel="electronic")
    return {
        "cases": list(CaseRow.objects.filter(pk__in=numbers).values_list("pk", flat=True)),
        "all cases": CaseRow.objects.count(),
        "events": list(events.values_list("case", "number", "by_role", "kind", "digest")),
        "outside": outside,
        "documents": list(ours.values_list("case", "digest")),
        "papers": dict(Counter(ours.values_list("paper", flat=True))),
        "mail": {f"<{case}.{pk}@imr>": to for case, pk, to in mail.values_list("case", "pk", "person__email")},
        "unsent": mail.filter(sent_at__isnull=True).count(),
        "doubled": list(mail.values("event", "case", "person").annotate(n=Count("pk")).filter(n__gt=1).values_list("case", "event")),
        "broken": broken,
        "told": copies.filter(sent_at__isnull=False).count(),
        "not told": copies.filter(sent_at__isnull=True).count(),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(people() if sys.argv[1] == "people" else count(json.loads(sys.stdin.read()))))

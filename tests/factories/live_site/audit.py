"""What a site holds, as JSON: every event with its digest, chains that do not verify, documents, mail. Started by `test_restore`."""

import json

import django

django.setup()

from imr.case.chain import verify  # noqa: E402
from imr.errors import Damaged  # noqa: E402
from imr.web.models import DocumentRow, EventRow, OutboxRow  # noqa: E402
from imr.web.store import cases, documents  # noqa: E402

broken, lost = [], []
for number in EventRow.objects.values_list("case", flat=True).distinct():
    try:
        verify(cases.chain(number))
    except Damaged as error:
        broken.append(str(error))
for digest in DocumentRow.objects.values_list("digest", flat=True):
    try:
        documents.load(digest)
    except Damaged as error:
        lost.append(str(error))
unsent = OutboxRow.objects.filter(sent_at__isnull=True)
print(
    json.dumps(
        {
            "events": [" ".join(map(str, one)) for one in EventRow.objects.values_list("case", "number", "digest")],
            "broken": broken,
            "documents": DocumentRow.objects.count(),
            "lost": lost,
            "unsent": unsent.count(),
            "due": unsent.filter(next_at__isnull=False).count(),
        }
    )
)

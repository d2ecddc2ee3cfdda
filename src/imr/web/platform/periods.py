"""How long this site keeps and shows things, and how long it tries. These are the site's own numbers, none of the law."""

from datetime import timedelta

#: How long a refused file is kept apart.
REFUSED_FILES = timedelta(days=90)
#: How long a failure that is over is still shown.
PAST_FAILURES = timedelta(days=7)
#: How long the working copy of a draft is kept after its last change.
WORKING_COPIES = timedelta(days=180)
#: How long a request with an Idempotency-Key gets its first answer again.
REPEATED_REQUESTS = timedelta(days=30)
#: How long the code of an invitation is valid.
INVITATION = timedelta(days=14)
#: How long a message waits after each try that failed. The first pause is longer than any one try can last.
MAIL_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440, 1440))
#: How long a change of an account that was asked for can be confirmed.
ACCOUNT_CHANGES = timedelta(days=7)
#: How long an account signs nothing after its password, second factor or address was reset.
SIGNING_PAUSE = timedelta(hours=24)
#: How often the head of every history is signed and kept outside.
ANCHORS = timedelta(hours=1)
#: How long a signing key that is not a reviewer's first waits after its confirmation, so that the reviewer hears of it before.
NEXT_SIGNING_KEY = timedelta(hours=24)

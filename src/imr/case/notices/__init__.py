"""Letters of the steps, as values: what happened, under which law, what to do next and the deadline, in plain words.

`determination.plain` gives the text of each and `determination.pdf.render` its PDF. All parties get the same letter,
and it is kept by the digest of its PDF. A module for each subject; `common` has what they share.
"""

from imr.case.notices.common import Office
from imr.case.notices.determination import issue
from imr.case.notices.eligibility import ineligibility, information_request
from imr.case.notices.ending import ended, ending_reported
from imr.case.notices.records import assignment

__all__ = ["Office", "assignment", "ended", "ending_reported", "ineligibility", "information_request", "issue"]

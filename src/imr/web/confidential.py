"""What the review organization's own people send to the parties never tells who reviews the case (LC 4610.6(f)).

The determination is held to that where it is signed; the other papers are held to it here, as they come in.
"""

from imr.case.acts import Act
from imr.case.reviewing import CONFIDENTIAL, tells
from imr.case.step import found, insist
from imr.law.disclosure import may_see
from imr.law.reviewers import Reviewer
from imr.law.roles import PARTIES
from imr.law.terms import Role
from imr.web.documents import TEXT, Upload, look
from imr.web.papers import Paper

#: Those who know who reviews a case.
KNOWING = (Role.REVIEWER, Role.COORDINATOR, Role.QUALITY)


def insist_unnamed(upload: Upload, paper: Paper, act: Act, reviewer: Reviewer) -> None:
    """Refuse a paper for the parties that names the reviewer, or that could where nobody sees it.

    A reviewer sends words alone: a PDF carries its author in its properties, its letterhead, its signature.
    """
    if act.by.role not in KNOWING or not any(may_see(role, paper.thing).holds for role in PARTIES):
        return
    is_text = look(upload).media_type == TEXT
    insist(
        found(
            "reviewer sends words alone",
            is_text or act.by.role is not Role.REVIEWER,
            "write this paper here instead of sending a file: a PDF can carry your name where you do not see it",
            CONFIDENTIAL,
        ),
        found(
            "reviewer is not named",
            not is_text or not tells(upload.data.decode(), reviewer),
            "this paper goes to the parties and holds the reviewer's name: take it out",
            CONFIDENTIAL,
        ),
    )

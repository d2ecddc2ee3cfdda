"""Commitments: facts about the reviewer at assignment, sealed under one root, that can be proved without naming the reviewer.

At assignment every fact (who, which rules were applied, which parties were screened, the register's record) is hashed
with a salt of its own, and the hashes are hashed into a root, which is published with the case. A later disclosure
shows some facts with their salts, and of the others only the hashes: whoever has the root can verify that the shown
facts were sealed then, and learns nothing about the rest. The parties get all but the reviewer; the Division can open
everything. Reviewers' names are confidential in all outside communication (LC 4610.6(f)).
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from imr.case.digests import digest
from imr.errors import Damaged, ImrError
from imr.law.reviewers import Matter, Reviewer
from imr.law.rule import Finding
from imr.plain import canonical, to_plain

#: A secret shorter than this, in bytes, could be guessed.
SECRET_BYTES = 16
#: The facts that identify the reviewer. Only the Division gets them.
CONFIDENTIAL = frozenset({"reviewer", "record"})
#: The facts that name people of the case. Whoever sees the case sees them; the public does not.
NAMED = frozenset({"party"})


@dataclass(frozen=True, slots=True)
class CommittedFact:
    """A fact that is true at assignment: its sort and its value."""

    sort: str
    says: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """The facts of one assignment and the secret that seals them: kept by the organization, never sent out."""

    claims: tuple[CommittedFact, ...]
    secret: str

    @property
    def root(self) -> str:
        """The root that is published with the case: it binds every fact, and reveals none."""
        return _root(_leaf(claim, self._salt(place)) for place, claim in enumerate(self.claims))

    def _salt(self, place: int) -> str:
        return hmac.new(bytes.fromhex(self.secret), str(place).encode(), sha256).hexdigest()

    def disclose(self, sorts: Iterable[str] | None = None) -> "Disclosure":
        """Show the facts of some sorts; by default all that the parties may see: everything but the reviewer."""
        shown = {claim.sort for claim in self.claims} - CONFIDENTIAL if sorts is None else set(sorts)
        leaves = []
        for place, claim in enumerate(self.claims):
            salt = self._salt(place)
            if claim.sort in shown:
                leaves.append(DisclosedLeaf(digest=_leaf(claim, salt), claim=claim, salt=salt))
            else:
                leaves.append(DisclosedLeaf(digest=_leaf(claim, salt)))
        return Disclosure(root=self.root, leaves=tuple(leaves))

    def publish(self) -> "Disclosure":
        """Show what everybody may see: neither the reviewer nor anybody of the case."""
        return self.disclose({claim.sort for claim in self.claims} - CONFIDENTIAL - NAMED)

    def open(self) -> "Disclosure":
        """Show everything, for the Division."""
        return self.disclose({claim.sort for claim in self.claims})


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosedLeaf:
    """One fact in a disclosure: its hash and, if it is shown, the fact and its salt."""

    digest: str
    claim: CommittedFact | None = None
    salt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A commitment with some facts shown, and the others as hashes."""

    root: str
    leaves: tuple[DisclosedLeaf, ...]


def commit(
    case: str, on: date, reviewer: Reviewer, matter: Matter, findings: Sequence[Finding], secret: bytes, draw: str = ""
) -> Commitment:
    """Seal an assignment: the case, the day, the reviewer, each rule with its answer, each party screened, the record, the draw.

    `secret` is fresh for every assignment, from the caller. Raises ImrError if it is short, or if a rule refuses the
    reviewer.
    """
    if len(secret) < SECRET_BYTES:
        raise ImrError(f"the secret of a commitment needs at least {SECRET_BYTES} bytes from a safe source of chance")
    against = [finding for finding in findings if not finding]
    if against:
        raise ImrError(f"a reviewer whom the law refuses cannot be sealed: {'; '.join(f.rule for f in against)}")
    claims = [
        CommittedFact("case", case),
        CommittedFact("day", on.isoformat()),
        CommittedFact("reviewer", {"id": reviewer.id, "name": reviewer.name, "npi": reviewer.npi}),
        CommittedFact("record", digest(reviewer)),
        *(CommittedFact("rule", _rule(finding)) for finding in findings),
        *(CommittedFact("party", {"kind": party.kind.value, "name": party.name}) for party in matter.parties),
    ]
    if matter.specialties:
        claims.append(CommittedFact("specialties asked", list(matter.specialties)))
    if draw:
        claims.append(CommittedFact("draw", draw))
    return Commitment(claims=tuple(claims), secret=secret.hex())


def _rule(finding: Finding) -> dict[str, Any]:
    """Give a rule's answer without its reason, which could identify the reviewer.

    If it holds because a coordinator found names to be different, it says so.
    """
    says = {"rule": finding.rule, "holds": finding.holds, "under": [str(citation) for citation in finding.under]}
    apart = finding.values.get("apart")
    return {**says, "names told apart by a coordinator": apart} if apart else says


def verify(disclosure: Disclosure, root: str | None = None) -> tuple[CommittedFact, ...]:
    """Give the facts that a disclosure proves: each was sealed under its root.

    `root` is the one published with the case. Raises Damaged, with the place, if a fact is not what was sealed, or if
    the roots differ.
    """
    shown = []
    for place, leaf in enumerate(disclosure.leaves, 1):
        if leaf.claim is not None:
            if not hmac.compare_digest(_leaf(leaf.claim, leaf.salt), leaf.digest):
                raise Damaged(f"fact {place} is not the one that was sealed", place)
            shown.append(leaf.claim)
    if _root(leaf.digest for leaf in disclosure.leaves) != disclosure.root:
        raise Damaged("the facts do not match the root: one was removed, inserted or moved")
    if root is not None and root != disclosure.root:
        raise Damaged("the root is not the one that was published with the case")
    return tuple(shown)


def _leaf(claim: CommittedFact, salt: str) -> str:
    return sha256(f"claim|{salt}|{canonical(to_plain(claim))}".encode()).hexdigest()


def _root(leaves: Iterable[str]) -> str:
    return sha256(f"root|{'|'.join(leaves)}".encode()).hexdigest()

"""A day of the whole product: everybody at their desk at once, each taking the steps that wait there, and what came of it."""

import re
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from itertools import cycle
from queue import Empty, Queue
from typing import Any

from tests.factories.live_site import cast
from tests.factories.live_site.plan import Change, Do, Meet
from tests.factories.live_site.sending import Case, Sent, portal, prepared
from tests.factories.live_site.visitor import Cut, Traffic, Visitor, fields

from imr.case.steps import STEPS
from imr.law.terms import RecordKind, Role

#: Nothing happening for so long is a standstill: seconds.
STANDSTILL = 240
#: Saves of a draft are no events of the history, or need not be.
_KEPT_ASIDE = {"save-draft"}
#: A button that invites, with its proposal, and the code that intake is shown.
_INVITE = re.compile(r'name="proposal" value="(\d+)".{,400}?name="answer" value="(accept|again)"', re.DOTALL)
_CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b")
#: What a step is told that comes after another which it had not seen.
_CHANGED = "somebody else has just changed"


class Day:
    """Cases that go from desk to desk. `run` returns when all are through, or nothing moves any more."""

    def __init__(self, url: str, secrets: dict[str, str], cases: list[Case]) -> None:
        self.traffic, self.cases = Traffic(), cases
        self.people = {
            name: Visitor(url, cast.CAST[name].email, cast.PASSWORD, secret, self.traffic)
            for name, secret in secrets.items()
        }
        #: Intake at another device, where one invitation is sent after the other: its page shows the code once.
        member = cast.CAST["intake"]
        self.intake = Visitor(url, member.email, cast.PASSWORD, secrets["intake"], self.traffic)
        self.inviting = threading.Lock()
        self.desks: dict[str, Queue[Case]] = {name: Queue() for name in self.people}
        self.waiting: dict[str, list[Case]] = {}
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.through = 0
        self.taken: Counter[tuple[int, str]] = Counter()
        self.acknowledged: list[dict[str, Any]] = []
        self.meetings: dict[str, Counter[str]] = {}
        self.problems: list[str] = []
        self.letters: list[tuple[str, str]] = []
        self.opened = 0
        self.moved = time.monotonic()

    # The day

    def sign_in(self) -> None:
        """Everybody signs in."""
        with ThreadPoolExecutor(4) as several:
            list(several.map(Visitor.sign_in, self.people.values()))
        self.intake.sign_in()

    def run(self, watch: Any) -> None:
        """Let everybody work until every case is through. `watch` is called again and again meanwhile."""
        threads = [threading.Thread(target=self._work, args=(name,)) for name in self.people]
        threads += [threading.Thread(target=self._open_letters, args=(first,)) for first in (0, 1)]
        for case in self.cases:
            self._hand_on(case)
        for thread in threads:
            thread.start()
        while self.through < len(self.cases):
            watch()
            if time.monotonic() - self.moved > STANDSTILL:
                with self.lock:
                    held = [f"{case.number or case.serial}: {case.moves[0]}" for case in self.cases if case.moves]
                    self.problems.append(f"nothing moved for {STANDSTILL} s; waiting: {held}")
                break
            time.sleep(0.3)
        self.over.set()
        for thread in threads:
            thread.join(STANDSTILL)

    def _who(self, case: Case, name: str) -> str:
        return {"employee": case.script, "reviewer": case.reviewer}.get(name, name)

    def _hand_on(self, case: Case) -> None:
        if not case.moves:
            with self.lock:
                self.through += 1
            return
        self.desks[self._who(case, case.moves[0].who)].put(case)

    def _work(self, name: str) -> None:
        desk = self.desks[name]
        while not self.over.is_set():
            try:
                case = desk.get(timeout=0.2)
            except Empty:
                continue
            move = case.moves[0]
            try:
                handed = self._move(case, move)
            except Exception as error:  # noqa: BLE001 - the day goes on; what went wrong is told at its end
                with self.lock:
                    self.problems.append(f"case {case.number or case.serial}, {move}: {type(error).__name__}: {error}")
                    case.moves.clear()
                handed = [case]
            self.moved = time.monotonic()
            for one in handed:
                self._hand_on(one)

    def _move(self, case: Case, move: Any) -> list[Case]:
        """Make the next move of a case; the cases that then go on to their next desk."""
        if isinstance(move, Do):
            self._do(case, move)
        elif isinstance(move, Change):
            case.reviewer = "second reviewer"
        elif isinstance(move, Meet):
            together = [case]
            if move.cases > 1:
                with self.lock:
                    queued = self.waiting.setdefault(move.name, [])
                    queued.append(case)
                    if len(queued) < move.cases:
                        return []
                    together = [*queued]
                    queued.clear()
            self._meet(together, move)
            for other in together:
                self._follow(other, other.moves.pop(0))
            return together
        case.moves.pop(0)
        return [case]

    # A step

    def _look(self, case: Case, who: str) -> Visitor:
        """Open the list and the case, as somebody does before taking a step."""
        visitor = self.people[who]
        visitor.page(f"/{portal(who)}/")
        if case.number:
            visitor.page(f"/cases/{case.number}/")
        return visitor

    def _do(self, case: Case, move: Do) -> None:
        who = self._who(case, move.who)
        visitor = self._look(case, who)
        if move.step in ("correct-document", "withhold-record"):
            papers = visitor.data(f"/cases/{case.number}/documents")
            case.file = next(each["digest"] for each in papers if each["kind"] == RecordKind.PROGRESS_REPORT.value)
        if move.step == "open-remand":
            case.earlier = case.number
        if move.step.startswith("withdraw-") and move.step.endswith("publication"):
            with self.lock:  # nobody has its address any more
                self.letters = [one for one in self.letters if one != ("", f"/determinations/{case.number}.pdf")]
        before = self._count(case, move.step)
        for _ in range(6):
            sent = prepared(move.step, case, who, visitor)
            try:
                answer = sent.send()
            except Cut:
                time.sleep(1)
                if self._count(case, move.step) > before:
                    self._took(case, move.step)
                    return
                continue
            if answer.status_code == 409 and _CHANGED in answer.text:
                continue  # the clock bound the case file meanwhile: look again, and send again
            assert sent.taken(answer), f"{answer.status_code} {answer.headers.get('Location', '')} {_reason(answer)}"
            self._acknowledge(case, move.step, sent, answer)
            return
        raise AssertionError("not taken after six tries")

    def _acknowledge(self, case: Case, step: str, sent: Sent, answer: Any) -> None:
        """Keep what the site has said that it took."""
        if step in ("receive-application", "open-remand"):
            case.number = _number(answer)
            if case.number not in case.numbers:
                case.numbers.append(case.number)
                self._accept_parties(case)
        case.documents.update(sent.digests)
        if answer.status_code == 200:
            with self.lock:
                self.acknowledged.append(answer.json())
        self._took(case, step)

    def _accept_parties(self, case: Case) -> None:
        """Intake invites everybody who is proposed for a new case, and each takes the invitation up with its code."""
        address = f"/cases/{case.number}/"
        with self.inviting:
            page = self.intake.page(address)
            while found := _INVITE.search(page):
                sent = {"case": case.number, "proposal": found[1], "answer": found[2], "back": "case"}
                answer = self.intake.ask("POST", "/imro/parties/", data=sent)
                assert answer.status_code == 302, f"{answer.status_code} {_reason(answer)}"
                about = page[max(page.rfind(tag, 0, found.start()) for tag in ("<strong>", "<li>")) : found.start()]
                who = next((name for name, member in cast.CAST.items() if member.email in about), "adjuster")
                if code := _CODE.search(self.intake.page(address)):  # a code that was lost on its way is made again
                    joined = self.people[who].twin().ask("POST", "/account/invitation/", data={"code": code[0]})
                    assert joined.status_code == 302, f"{who}: {joined.status_code} {_reason(joined)}"
                page = self.intake.page(address)

    def _took(self, case: Case, step: str) -> None:
        with self.lock:
            self.taken[case.serial, step] += 1
        who = {"save-draft": case.reviewer, "issue-determination": "adjuster"}.get(step)
        if step == "save-draft":
            shown = fields(self.people[case.reviewer].page(case.draft_page))["summary"]
            assert shown.strip() == case.draft, f"the draft shows {shown!r}, and {case.draft!r} was saved"
        letter = {"save-draft": "cases/{}/draft/letter.pdf", "issue-determination": "cases/{}/letter/"}.get(step)
        if step == "publish-determination":
            who, letter = "", "determinations/{}.pdf"
        if letter is not None and who is not None:
            with self.lock:
                self.letters.append((who, "/" + letter.format(case.number)))

    def _count(self, case: Case, step: str) -> int:
        """How many events the history has got by this step, as the office sees it."""
        if not case.number or step in _KEPT_ASIDE:
            return 0
        kinds = {event.kind for event in STEPS[step].events}
        by_people = [each for each in self._history(case) if each["by"] != Role.CLOCK.value]
        return sum(each["kind"] in kinds for each in by_people)

    def _history(self, case: Case) -> list[dict[str, Any]]:
        """What happened to a case, as the quality review sees it: nobody else of the office sees the drafts' part of it."""
        found: list[dict[str, Any]] = self.people["quality"].twin().data(f"/cases/{case.number}/timeline")
        return found

    # Several at once

    def _meet(self, together: list[Case], move: Meet) -> None:
        """Let them meet; a case to which the clock of the site came meanwhile is looked at again, and meets again."""
        won, left = 0, together
        for _ in range(4):
            taken, left, refused = self._met(left, move)
            won += taken
            if not left:
                break
        else:
            raise AssertionError(
                f"{move.name}: the step of {[case.number for case in left]} was not taken in four tries"
            )
        with self.lock:
            self.meetings.setdefault(move.name, Counter())["taken"] += won
        least, most = move.least * move.cases, move.most * move.cases
        assert least <= won <= most, f"{move.name}: {won} taken, {least} to {most} expected; {refused}"

    def _met(self, together: list[Case], move: Meet) -> tuple[int, list[Case], list[str]]:
        """Send once, at the same moment: how many steps were taken, the cases that meet again, and the reasons of refusals."""
        counts = {(case.serial, one.step): self._count(case, one.step) for case in together for one in move.sent}
        before = self.taken.copy()
        ready = self._at_the_button(together, move)
        barrier = threading.Barrier(len(ready))

        def go(sent: Sent) -> Any:
            barrier.wait(60)
            try:
                return sent.send()
            except Cut:
                return None

        with ThreadPoolExecutor(len(ready)) as several:
            answers = list(several.map(go, (sent for _, _, sent in ready)))
        for (case, one, sent), answer in zip(ready, answers, strict=True):
            if answer is not None:
                self._settle(
                    case,
                    one,
                    sent,
                    answer,
                    again=move.same and self.taken[case.serial, one.step] > before[case.serial, one.step],
                )
        won: Counter[int] = Counter()
        for case, step in dict.fromkeys((c, o.step) for c, o, _ in ready):
            won[case.serial] += self._won(case, step, counts, before, sure=None not in answers)
        settled = {
            case.serial
            for (case, _, _), answer in zip(ready, answers, strict=True)
            if won[case.serial] or answer is None or _CHANGED not in answer.text
        }
        again = [case for case in together if case.serial not in settled]
        with self.lock:
            told = self.meetings.setdefault(move.name, Counter())
            told.update({"times": not again, "sent": sum(case not in again for case, _, _ in ready)})
        refused = [_reason(answer) for answer in answers if answer is not None and answer.status_code >= 400]
        return won.total(), again, refused

    def _at_the_button(self, together: list[Case], move: Meet) -> list[tuple[Case, Do, Sent]]:
        """Everybody with everything filled in, a tab each; `same` sends the same bytes again."""
        ready: list[tuple[Case, Do, Sent]] = []
        for case in together:
            for one in move.sent:
                who = self._who(case, one.who)
                self._look(case, who)
                sent = ready[0][2] if move.same and ready else prepared(one.step, case, who, self.people[who].twin())
                ready.append((case, one, sent))
        return ready

    def _settle(self, case: Case, one: Do, sent: Sent, answer: Any, *, again: bool) -> None:
        """Keep what an answer says; the second answer to the same bytes may say that the first was taken."""
        if not sent.taken(answer):
            assert answer.status_code in (400, 409), f"{answer.status_code} {_reason(answer)}"
        elif not again:
            self._acknowledge(case, one.step, sent, answer)
        elif one.step == "receive-application":
            assert _number(answer) == case.number, f"two cases: {case.number} and {_number(answer)}"

    def _won(self, case: Case, step: str, counts: dict, before: Counter, *, sure: bool) -> int:
        """How often the step was taken: by the history, or by the answers for what is kept aside of it."""
        key = case.serial, step
        if step in _KEPT_ASIDE:
            return self.taken[key] - before[key]
        events = self._count(case, step) - counts[key]
        if not sure:  # who was cut off looks at the history
            self.taken[key] = before[key] + events
        return events

    def _follow(self, case: Case, move: Meet) -> None:
        if not (move.then or move.otherwise):
            return
        last = {each["kind"] for each in self._history(case)[-len(move.sent) :]}
        for kind, moves in move.then.items():
            if kind in last:
                case.moves[:0] = moves
        for kind, moves in move.otherwise.items():
            if kind not in last:
                case.moves[:0] = moves

    # Letters

    def _open_letters(self, first: int) -> None:
        """Open letters, one after another, as long as the day lasts."""
        for at in cycle(range(10_000)):
            if self.over.wait(1):
                return
            with self.lock:
                known = [*self.letters]
            if known:
                try:
                    self.open_letter(*known[(at * 7 + first) % len(known)])
                except Cut as cut:
                    self.problems.append(f"a letter was cut off three times: {cut}")

    def open_together(self, count: int) -> list[Future[str]]:
        """Begin to open so many letters at the same moment; what each was, when it has come."""
        with self.lock:
            settled = [letter for letter in self.letters if "letter.pdf" not in letter[1]] or [*self.letters]
        several = ThreadPoolExecutor(count)
        asked = (
            [several.submit(self.open_letter, *settled[at % len(settled)]) for at in range(count)] if settled else []
        )
        several.shutdown(wait=False)
        return asked

    def open_letter(self, who: str, path: str) -> str:
        """Open a letter; the digest of what came. A letter that does not come is a problem of the day."""
        known = self.people["intake"]
        visitor = self.people[who].twin() if who else Visitor(known.url, "the public", "", "", self.traffic)
        for _ in range(3):  # who is cut off asks again
            try:
                answer = visitor.ask("GET", path)
                break
            except Cut:
                time.sleep(1)
        else:
            raise Cut(path)
        with self.lock:
            self.opened += 1
            gone = answer.status_code == 410 and (who, path) not in self.letters
            if not gone and (answer.status_code != 200 or not answer.content.startswith(b"%PDF-")):
                self.problems.append(f"letter {path}: {answer.status_code} {_reason(answer)}")
        return sha256(answer.content).hexdigest()


def _number(answer: Any) -> str:
    """The number of the case that an answer tells."""
    if answer.status_code == 200:
        return str(answer.json()["case"])
    return str(answer.headers["Location"]).split("/")[2]


def _reason(answer: Any) -> str:
    """The words of a refusal."""
    if "json" in answer.headers.get("Content-Type", ""):
        return str(answer.text)[:500]
    text = re.sub(r"<(script|style|head).*?</\1>", " ", answer.text, flags=re.DOTALL)
    words = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    found = (words.find(start) for start in (_CHANGED, "Not possible", "cannot"))
    at = next((place for place in found if place >= 0), 0)
    return words[at : at + 500]

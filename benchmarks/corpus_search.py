"""Searches of a corpus by our engine and its peers in turn, question by question, in the same minutes.

So that a ratio holds on a machine that does other work too: whatever slows one engine also slows the others.
"""

import statistics as stats
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.corpus_peers import Peer, Question, peers

#: The questions for every engine: rare and frequent words, phrases up to one that is in every letter, and filters.
QUESTIONS = (
    Question(name="a rare word", words="housekeeping"),
    Question(name="a word", words="acupuncture"),
    Question(name="a word of most letters", words="guideline"),
    Question(name="two words", words="acupuncture sessions"),
    Question(name="three words", words="knee injection month"),
    Question(name="a rarer phrase", words='"bound to the home"'),
    Question(name="a phrase", words='"physical therapy"'),
    Question(name="a phrase of most letters", words='"not medically necessary"'),
    Question(name="a phrase of every letter", words='"utilization review did not certify"'),
    Question(name="a word and a filter", words="tramadol", decision="overturned"),
    Question(name="a word and two filters", words="shoulder", decision="upheld", category="Surgery"),
    Question(name="a phrase and two filters", words='"home exercises"', decision="upheld", category="Rehabilitation"),
)
COUNTED = ("decision", "category", "year")
_SENTENCE = "what the guideline asks for was compared with the record"
_PARTS = "shoulder knee neck back hip ankle wrist elbow hand foot acupuncture physical therapy injection surgery tramadol opioid guideline"
#: The hardest queries that our query language allows: name, query, the fields counted by, and the hits skipped before the ten.
HARD: tuple[tuple[str, str, Sequence[str] | None, int], ...] = (
    ("a phrase of six words", '"the request is not medically necessary"', None, 0),
    ("a phrase of seven words", '"therefore the request is not medically necessary"', None, 0),
    ("a sentence of ten words", f'"{_SENTENCE}"', None, 0),
    ("two long phrases", f'"the request is not medically necessary" "{_SENTENCE}"', None, 0),
    ("a phrase that one issue in twelve has", '"of the left shoulder the diagnosis is"', None, 0),
    ("a long phrase that stands nowhere", '"the request of the employee is not the treatment"', None, 0),
    ("a phrase with its end cut off", '"is not medic"*', None, 0),
    ("eleven words that stand everywhere", "the of is a and for was to in not with", None, 0),
    ("eighteen words, any of them", _PARTS.replace(" ", " OR "), None, 0),
    (
        "twenty-four words, any of them",
        f"{_PARTS} request record treatment month sessions the".replace(" ", " OR "),
        None,
        0,
    ),
    (
        "four phrases, any of them",
        '"of the left shoulder the diagnosis is" OR "bound to the home" OR "a home program was taught" OR "the guideline names conditions"',
        None,
        0,
    ),
    ("all but one word", "NOT shoulder", None, 0),
    ("all without a frequent phrase", 'the NOT "not medically necessary"', None, 0),
    ("a letter as a word", "a", None, 0),
    (
        "seven filters",
        "shoulder decision:upheld category:surgery year:[2014 TO 2017] review_type:standard licence:california body_part:shoulder",
        None,
        0,
    ),
    ("the last page that is given", "guideline", None, 990),
    ("counts by seven fields, of all issues", "", (*COUNTED, "drug_class", "body_part", "guideline", "specialty"), 0),
)
ROUNDS = 20
#: The time limit for a question to an engine, in seconds, after its first two times.
PATIENCE = 6.0


def search(corpus: Path, work: Path | None) -> dict[str, float]:
    """Run all questions on our engine, and the first ones on its peers, which are stored below `work`."""
    from imr.corpus.search import Search

    ours = Search(corpus)

    def ask(query: str, counts: Sequence[str] | None = None, offset: int = 0) -> int:
        return ours.find(query, limit=10, offset=offset, counts=counts or COUNTED).total

    beside: Sequence[Peer] = list(peers(corpus, work)) if work else ()
    figures: dict[str, float] = {}
    everything: list[float] = []
    for question in QUESTIONS:
        engines: dict[str, Callable[[], int | None]] = {"ours": lambda question=question: ask(question.query)}
        engines |= {peer.name: lambda peer=peer, question=question: peer.ask(question) for peer in beside}
        found, times = in_turn(engines)
        everything += times["ours"]
        figures[f"search {question.name}"] = median = stats.median(times["ours"])
        print(f"{question.name:36} {found['ours']:>9,} found, {spread(times['ours'])}", flush=True)
        for peer in beside:
            if found[peer.name] is None:
                print(f"    {peer.name:12} given up after {times[peer.name][-1]:,.0f} s")
                continue
            figures[f"{peer.name} / ours, {question.name}"] = ratio = stats.median(times[peer.name]) / median
            print(
                f"    {peer.name:12} {found[peer.name]:>9,} found, {spread(times[peer.name])}, {ratio:8.1f} times ours"
            )
    for peer in beside:
        peer.close()
    figures |= {"search_median": stats.median(everything), "search_p95": p95(everything)}
    print(f"search, these {len(QUESTIONS)} questions together: {spread(everything)}")
    return figures | hard(ask)


def hard(ask: Callable[[str, Sequence[str] | None, int], int]) -> dict[str, float]:
    """Run the hard questions, each with its own row."""
    worst: dict[str, list[float]] = {}
    for name, query, counts, offset in HARD:
        found, times = in_turn({"ours": lambda query=query, counts=counts, offset=offset: ask(query, counts, offset)})
        worst[name] = times["ours"]
        print(f"hard: {name:40} {found['ours']:>9,} found, {spread(times['ours'])}", flush=True)
    everything = sorted(time for times in worst.values() for time in times)
    slowest = max(worst, key=lambda name: stats.median(worst[name]))
    print(f"hard questions together: {spread(everything)}; the slowest, {slowest}: {spread(worst[slowest])}")
    return {
        "hard_median": stats.median(everything),
        "hard_p95": p95(everything),
        "hard_slowest_median": stats.median(worst[slowest]),
    }


def in_turn(
    engines: dict[str, Callable[[], int | None]],
) -> tuple[dict[str, int | None], dict[str, list[float]]]:
    """Run each engine once to warm it, then all in turn; give what each found and its times. A slow one drops out."""
    found: dict[str, int | None] = {}
    times: dict[str, list[float]] = {name: [] for name in engines}
    for name, ask in engines.items():
        began = time.perf_counter()
        found[name] = ask()
        if found[name] is None:
            times[name].append(time.perf_counter() - began)
    for _ in range(ROUNDS):
        for name, ask in engines.items():
            if found[name] is not None and (not times[name] or sum(times[name]) < PATIENCE):
                began = time.perf_counter()
                ask()
                times[name].append(time.perf_counter() - began)
    return found, times


def p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * (len(times) - 1))]


def spread(times: Sequence[float]) -> str:
    return f"median {stats.median(times) * 1e3:8.1f} ms, 95 of 100 within {p95(times) * 1e3:8.1f} ms"

"""Events proved and replayed per second, and letters invented per second, on one core.

    python -m benchmarks.case

The floor of a proof is one SHA-256 and one JSON parse a line; the proof also parses types, opens no seal, and compares each
event with the one before.
"""

import hashlib
import json
import time
from collections.abc import Callable

from imr.case.chain import from_lines, replay, to_lines, verify
from imr.examples import determination, play, seed_case

ROUNDS = 5


def rate(number: int, work: Callable[[], object]) -> float:
    """Measure calls per second of processor time: the best of five rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        best = max(best, number / (time.process_time() - start))
    return best


def run() -> dict[str, float]:
    """Print the rows and return the figures."""
    chain = play(seed_case()).recorded
    text = to_lines(chain)
    lines = text.splitlines()
    many = range(40)
    number = len(many) * len(lines)

    def floor() -> None:
        for _ in many:
            for line in lines:
                hashlib.sha256(line.encode()).hexdigest()
                json.loads(line)

    figures = {
        "events_floor_s": rate(number, floor),
        "events_read_and_verified_s": rate(number, lambda: [verify(from_lines(text)) for _ in many]),
        "events_replayed_s": rate(number, lambda: [replay(chain) for _ in many]),
        "letters_invented_s": rate(2000, lambda: [determination(seed) for seed in range(2000)]),
    }
    for name, figure in figures.items():
        print(f"{name:30} {figure:12,.0f}")
    figures["verify_of_floor"] = figures["events_read_and_verified_s"] / figures["events_floor_s"]
    print(f"{'verify_of_floor':30} {figures['verify_of_floor']:12.3f}")
    return figures


if __name__ == "__main__":
    run()

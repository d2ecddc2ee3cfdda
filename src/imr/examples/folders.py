"""Files of invented letters by the thousand, to try programs at any size."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from imr.determination import write
from imr.examples.letters import determination

#: Letters in one folder. A folder of a million files is slow to list on every system.
FOLDER = 1_000


def write_letters(
    folder: Path,
    letters: int,
    *,
    first: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> int:
    """Write the invented letters of a range of seeds as texts below `folder`, a thousand per folder; give their bytes.

    An existing letter is not written again, so that a stopped run can continue.
    """
    last = first + letters
    begins = [first, *range(first - first % FOLDER + FOLDER, last, FOLDER)]
    tasks = [(folder, begin, end) for begin, end in zip(begins, [*begins[1:], last], strict=True)]
    size = 0
    progress(0, letters)
    if workers == 1:
        for task in tasks:
            size += _write(task)
            progress(task[2] - first, letters)
        return size
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for task, written in zip(tasks, pool.map(_write, tasks), strict=True):
            size += written
            progress(task[2] - first, letters)
    return size


def _write(task: tuple[Path, int, int]) -> int:
    folder, first, last = task
    below = folder / f"{first // FOLDER:05d}"
    below.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in range(first, last):
        file = below / f"{number:08d}.txt"
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_text(write(determination(number)), encoding="utf-8")
            part.replace(file)
        size += file.stat().st_size
    return size

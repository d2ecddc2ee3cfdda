"""The only way to write: one step of one case in one transaction.

Lock the case, replay its events, decide with `case.steps.take`, append the event, refresh the row, put mail into the outbox:
all of it, or nothing. Documents are kept under their digest before the event that names them; what a refused step left in
the storage is swept by `manage.py tend`.
"""

from imr.web.actions.notes import note, remove_note
from imr.web.actions.taking import offers, perform, refuse
from imr.web.actions.tending import bind, claimed, hush, rebuild, refused_file, sweep, tend, tick

__all__ = [
    "bind", "claimed", "hush", "note", "offers", "perform", "rebuild", "refuse", "refused_file", "remove_note", "sweep", "tend", "tick",
]  # fmt: skip

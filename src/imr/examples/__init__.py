"""Invented, lawful cases from a seed: for the demonstration, the documents, tests, benchmarks and simulation.

The same seed always gives the same example. The people and places do not exist, and every sentence is our own.
"""

from imr.case.scenario import Scene
from imr.examples.applications import InventedDispute, application, dispute, ineligible
from imr.examples.cases import case, seed_case
from imr.examples.folders import write_letters
from imr.examples.letters import determination
from imr.examples.panel import panel, reviewer, unfit
from imr.examples.people import administrator, attorney, designee, employee, employer, physician
from imr.examples.playing import Played, play
from imr.examples.stories import OFFICE, Story

__all__ = [
    "OFFICE",
    "InventedDispute",
    "Played",
    "Scene",
    "Story",
    "administrator",
    "application",
    "attorney",
    "case",
    "designee",
    "determination",
    "dispute",
    "employee",
    "employer",
    "ineligible",
    "panel",
    "physician",
    "play",
    "reviewer",
    "seed_case",
    "unfit",
    "write_letters",
]

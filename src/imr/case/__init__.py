"""A case is the result of its events. Each event comes from a step that the law allows.

- `application`: the DWC Form IMR as a value; the parties of the case by name.
- `steps`: the one table of steps: who may take each, when, and what it decides. `take` gives the event or refuses.
- `events`: what can happen to a case, each a frozen value that knows what it changes.
- `chain`: events in the order in which they were recorded, each bound to the one before by a digest; `replay`, `verify`.
- `state`: the case as its events left it, its stage, and the dates that the law's clocks start from.
- `notices`: the letters of the steps.

Labor Code 4610.5 and 4610.6; 8 CCR 9792.10.1-9792.10.9.
"""

"""The law of Independent Medical Review as dated, cited, executable rules. Pure: no clock, no chance, no database.

Every answer is a `rule.Finding` or a `days.Deadline` that says why, under which provision, and whether the
text of that provision was seen. A number that an amendment changes has a version from each day (`rule.Dated`). Where no text
of a day is known, `errors.NotInForce` says so with the reason, and nothing is guessed. The same facts give the same answer.

Entry points:

- `time_limits.due(dates)`: every deadline that the dates of a case start; `days` counts, `holidays` knows the closed days
- `eligibility.screen(dates, facts, on)`: whether an application is eligible; `assignment`, what becomes of it
- `reviewers.screen(reviewer, matter, on)`: whether this reviewer may review; `qualifications` and `conflicts` are its halves
- `records.expected`, `records.may_release`: which documents are owed, and the hard stop
- `evidence`, `levels`, `formulary`: the rules on medical necessity
- `determination`, `afterwards`, `fees`: the contents of the letter, what follows it, the fees
- `disclosure.may_see(role, thing)`: whether this role may see this thing
- `utilization_review`, `organization`: utilization review before IMR, and the review organization itself
- `register`: every rule with the function that applies it, for people

Sources: Labor Code 139.5, 4600-4610.6, 5307.27; CCP 10-12b, 135, 1013; Gov. Code 6700-6701; 8 CCR 9785-9792.27, 10575, 10605.
`docs/law.md` lists all of it with versions; the examples that test it are in `tests/law/*.toml`.
"""

"""Published determinations as a table that can be searched, counted and compared.

`build` reads a folder of letters into Parquet: letters, issues, citations, findings, and what was not read and why.
`search` finds passages and like cases in an index that is a shadow of the Parquet; `statistics` counts, with the
denominator and the interval of every rate, once a corpus. `letter` gives one determination whole; `labels` and `evaluate` measure how
treatments are filed and what like cases foretell. `imports` brings other states' open data into the same tables.
"""

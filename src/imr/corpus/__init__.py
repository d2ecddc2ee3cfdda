"""Published determinations as tables that can be searched, counted and compared.

`build` reads a folder of letters into Parquet: letters, issues, citations, findings, and what could not be read and why.
`indexing` makes a full-text index from the Parquet; `search` finds passages in it, and `similar_cases` the issues nearest to a
treatment. `statistics` counts once for each corpus, and gives every rate with its denominator and interval. `letter` reads one
determination. `model` and `fields` hold the values that all of these give, and load no search engine and no database.
"""

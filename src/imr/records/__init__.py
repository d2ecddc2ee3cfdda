"""The case file: from uploaded files to pages, words, documents and facts that can be cited.

`index.build(files)` reads files into a `CaseFile`; `index.from_texts(texts)` does the same for plain texts.
`search(casefile, phrase)` gives every place where a phrase occurs. 8 CCR 9792.10.5 lists the documents that a case file
must contain.
"""

from imr.records.text_search import PhraseHit, search

__all__ = ["PhraseHit", "search"]

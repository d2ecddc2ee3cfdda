"""Writing what a determination rests on, in one consistent form that reads back the same."""

from itertools import groupby

from imr.errors import Unwritable
from imr.guidelines.citation import Basis, GuidelineCitation, GuidelineSource, Statement, read_basis


def write_basis(basis: Basis | GuidelineCitation) -> str:
    """Give the text of a basis, or of one citation as a basis, in one consistent form.

    Raises Unwritable where no text says it so that it reads back the same.
    """
    if isinstance(basis, GuidelineCitation):
        basis = Basis(statement=Statement.CITED, citations=(basis,))
    sentences = []
    if basis.statement is Statement.NONE:
        sentences.append(f"The {basis.by} did not cite any medical evidence for its decision.")
    elif basis.statement is Statement.OUTSIDE:
        sentences.append(f"The {basis.by} based their decision on recommendation(s) outside of the MTUS Guidelines.")
    said = basis.by if basis.statement is Statement.CITED else ""
    lead = f"The {said} based their decision on the" if said else "Decision based on"
    for of_mtus, group in groupby(basis.citations, key=lambda c: c.source is GuidelineSource.MTUS):
        if of_mtus:
            sentences.append(f"{lead} MTUS {', and '.join(_mtus_words(c) for c in group)}.".replace(" .", "."))
        else:
            sentences += [_non_mtus_sentence(c, lead if said else "") for c in group]
    text = " ".join([*sentences, *basis.unread] if basis.statement is Statement.UNREAD else sentences)
    if read_basis(text) != basis:
        raise Unwritable(f"this basis cannot be written so that it reads back the same: {text!r}")
    return text


def _mtus_words(citation: GuidelineCitation) -> str:
    number = f"ACOEM Chapter {citation.number}" if citation.number else ""
    year = str(citation.year) if citation.year else ""
    return " ".join(word for word in (number, citation.chapter, year) if word) + _tail_words(citation)


def _non_mtus_sentence(citation: GuidelineCitation, lead: str) -> str:
    named = lead if citation.source is not GuidelineSource.OTHER else ""
    return f"{named or 'Decision based on Non-MTUS Citation'} {_non_mtus_words(citation)}."


def _non_mtus_words(citation: GuidelineCitation) -> str:
    if citation.source is GuidelineSource.OTHER:
        return citation.chapter
    odg = citation.source is GuidelineSource.ODG
    words = "Official Disability Guidelines (ODG)" if odg else "ACOEM Practice Guidelines"
    words += f" {citation.year}" if citation.year else ""
    words += f", {citation.edition}" if citation.edition else ""
    words += f", Chapter {citation.number}" if citation.number else ""
    words += f", {citation.chapter}{' Chapter' if odg else ''}" if citation.chapter else ""
    return words + _tail_words(citation)


def _tail_words(citation: GuidelineCitation) -> str:
    words = f" (updated {citation.updated_on:%m/%d/%Y})" if citation.updated_on else ""
    words += f", Section(s): {', '.join(citation.sections)}" if citation.sections else ""
    words += f", Page(s): {', '.join(str(p) for p in citation.pages)}" if citation.pages else ""
    return words + (f", {citation.link}" if citation.link else "")

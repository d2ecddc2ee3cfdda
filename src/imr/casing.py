"""The case of letters in words that people read."""


def capitalize_first(words: str) -> str:
    """Return the words with their first letter as a capital; the rest keeps its case, as in "MRI of the knee"."""
    return words[:1].upper() + words[1:]

"""The physician reviewer: assignments, the draft, the search for evidence, the signature."""

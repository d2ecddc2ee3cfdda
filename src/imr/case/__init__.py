"""A case is the sum of its events; each event was caused by a step that the law allowed."""

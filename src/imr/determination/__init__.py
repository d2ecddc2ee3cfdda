"""The final determination letter: read from text and PDF, written as text and PDF, redacted for publication."""

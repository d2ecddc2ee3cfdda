"""The case file in the background: documents read, page images drawn, the file bound as one PDF, drafts checked against it."""

"""Rows and stored documents, read and written without asking who is looking: known to `access`, `actions` and `case_files` alone."""

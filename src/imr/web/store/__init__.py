"""Rows and stored documents, read and written without permission checks: imported by `access`, `actions` and `case_files` alone."""

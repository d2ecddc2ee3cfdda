"""The pages of a case file: its index, its documents page by page, corrections, withholding, uploads, consent."""

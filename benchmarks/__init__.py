"""Measurements compared with those of peers; `run.py` prints them."""

"""Measurements beside peers; `run.py` prints them."""

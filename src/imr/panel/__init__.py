"""Qualified, independent, available reviewers, assigned by optimum and with proof."""

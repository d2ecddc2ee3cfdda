"""Helpers of the tests: what they build, walk and look at. No test module imports another; all import from here."""

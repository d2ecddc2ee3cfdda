"""Invented, lawful cases from a seed: for the demonstration, the documents, tests, benchmarks and simulation alike."""

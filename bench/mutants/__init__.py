"""Mutants of the scoring and matching: each place made wrong, and whether a test sees it."""

"""What the log costs: the real owner on a Redis of its own, beside an empty sketch in the same run.

It measures and reports; it never judges, and no test depends on its figures.
"""

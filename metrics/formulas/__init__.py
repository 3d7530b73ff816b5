"""The queueing formulas of contact centres: pure functions of plain numbers, which never guess."""

"""A centre in virtual time: the same core that rules in production, driven by drawn citizens and agents.

`scenario` says what is simulated, `draw` draws it once for all policies, `centre` lets it happen, `figures`
counts, `compare` repeats and gives intervals. It never touches a network, a log or the wall clock.
"""

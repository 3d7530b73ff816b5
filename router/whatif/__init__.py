"""Yesterday once more under another policy or another rota: who would have waited more, who less.

`seen` reads a log, `fold` makes a recorded day of it, `patience` and `draws` fill in what nobody saw, `play`
lets the day happen again under the core, `figures` and `compare` say what that changed. It reads only,
reaches no network, and shows no person: groups and figures are all that leaves it.
"""

"""`guichet serve`: one process with everything in it, wired by hand, and a parent that watches it.

    parent.py     watches the serving process: ends a frozen one, starts a dead one again
    pulse.py      the serving process's beat for its parent
    site.py       starts and ends the parts, in order: the composition root
    storage.py    the Redis that holds the log
    opening.py    the first policy of a pool
    phone.py      what the phone gateway must be told
    logs.py       JSON log lines; entries.py: one for each durable entry

Nothing is imported here: the parent is small.
"""

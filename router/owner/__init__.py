"""The owner of a pool: the one place where events are stepped, made durable, and only then released.

Read in the order an event passes:

    owner.py     opens the door: stands by, rules while the lease lasts, stands by again
    reign.py     turns the loop of one lease: take, step, one append, release
    intake.py    takes what is submitted, in order, and refuses what cannot be served soon
    feed.py      takes what gateways of other processes left in the inbox, chunk by chunk
    clock.py     stamps it: Redis's time, carried on by a clock that nobody sets
    stepper.py   steps it, puts poison aside, encodes the entry
    batch.py     gathers entries for one append, with the answers that wait for them
    writer.py    appends, until it is durable, another owner rules, or too much is lost
    tail.py      keeps the newest entries, to append again what a failover lost
    release.py   tells all who listen (gateways, page, instruments, log lines), answers questions
    observer.py  names what is told of itself, for instruments
"""

from router.owner.owner import Owner

__all__ = ["Owner"]

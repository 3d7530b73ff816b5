"""A site's own copy of Asterisk's files, held against what Guichet relies on: `lint`, one Fault per thing.

    files.py      reads *.conf as Asterisk does: sections, lines, includes
    fault.py      names what is wrong, where, and its mend
    manager.py    rules of asterisk.conf and manager.conf: who may steer, from where, how much
    dialplan.py   rules of extensions.conf: no caller's words are executed
    contract.py   rules of extensions.conf and queues.conf: no call is lost while Guichet is mute or gone
    lint.py       all of them

It reads files and nothing else: no Asterisk is asked, nothing is changed.
"""

from router.asterisk_lint.fault import Fault
from router.asterisk_lint.lint import lint

__all__ = ["Fault", "lint"]

"""Every rule over one folder of Asterisk's files, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from router.asterisk_lint import contract, dialplan, manager
from router.asterisk_lint.fault import Fault
from router.asterisk_lint.files import read

NOT_CONTEXTS = ("general", "globals")


def lint(folder: Path) -> Iterator[Fault]:
    """What is wrong in this folder. Raises OSError if a file cannot be read."""
    yield from manager.options(read(folder, "asterisk.conf"))
    yield from manager.manager(read(folder, "manager.conf"))
    yield from manager.secrets(folder)
    sections = read(folder, "extensions.conf")
    if sections is None:
        what = "there is no extensions.conf"
        yield Fault("context-missing", "extensions.conf:1", what, "copy the shipped one")
        return
    plan = {name: dialplan.steps(each) for name, each in sections.items() if name not in NOT_CONTEXTS}
    for steps in plan.values():
        yield from dialplan.expanded(steps)
    yield from contract.contexts(plan)
    yield from contract.menus(plan)
    yield from contract.waiting(plan)
    yield from contract.queue(plan, read(folder, "queues.conf"))

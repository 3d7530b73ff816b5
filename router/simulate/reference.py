"""The reference of a scenario's keys, made from the types: this prints `docs/reference/scenario.md`."""

from __future__ import annotations

from msgspec import inspect

from config.reference import sections
from router.simulate.scenario import Scenario

INTRODUCTION = """\
# Scenario

This page is made from the types that check a scenario, by `python -m router.simulate.reference`; a test
refuses a difference. A scenario is one YAML file for `guichet simulate`; every error in it is told at once,
as `file:line:column`, with the nearest key. Times are seconds in keys that end in `_s`; `hours`, `shifts`
and peaks are hours since the opening.

Shipped in `config/examples/scenarios`, each a starting point: `town-hall.yaml` (12 agents), `benefits.yaml`
(80), `national.yaml` (150, 20,000 contacts a day, with a peak), `channels.yaml` (19, phone, chat and mail
under pressure).

**Luck.** Arrivals are Poisson in each hour, at its mean times the day's factor (gamma, mean 1). What
citizens bring is drawn before anything is routed, from the seed, the day and the kind alone: every policy
meets the same people (common random numbers), one kind changes no other's luck, and a peak brings others
beside the usual ones.

**Closing.** Who waits at closing is served by whoever is there, or leaves; who still waits four hours later
was never served. Deferrable work not begun by then is late if it was due, and otherwise left for another day:
give the day a last hour in which nobody comes, as the shipped ones have. Agents of a shift that ends finish
what they have in hand.

In paths below, `[]` stands for each item of a list, `*` for a name that you choose.
"""


def page() -> str:
    """The whole page in Markdown."""
    return "\n".join([INTRODUCTION, *sections("", inspect.type_info(Scenario), set())])


if __name__ == "__main__":
    print(page(), end="")

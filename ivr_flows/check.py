"""What is wrong with a flow, all of it at once, each with its place and its mend."""

from __future__ import annotations

from config.fault import Fault
from config.tree import Tree
from ivr_flows.checks.expressions import expressions
from ivr_flows.checks.persons import persons
from ivr_flows.checks.site import site
from ivr_flows.checks.texts import texts
from ivr_flows.checks.ways import ways_out
from ivr_flows.loader import Draft


def check(made: Draft, tree: Tree | None = None) -> list[Fault]:
    """Faults and warnings in the order of the file. With a configuration: what it lacks, what nobody has."""
    known = list(made.faults)
    for flow in made.flows.flows.values():
        ways_out(made, flow)
        persons(made, flow)
        expressions(made, flow)
        texts(made, flow)
        if tree is not None:
            site(made, flow, tree)
    found = sorted(set(made.faults))
    made.faults[:] = known
    return found

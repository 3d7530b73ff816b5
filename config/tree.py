"""The whole configuration as one typed tree. Its fields are the keys that may stand at the top of a file."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from config.agency import Agency
from config.flows import Flows
from config.gateways import Gateways
from config.hours import Hours
from config.notify import Notify
from config.routing import Agent, Channel, Group, Pool, Spoken, Target, Topic
from config.site import Citizens, Http, Log, Vault
from config.types import ChannelName, Id, Language, about


class Tree(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that can be configured. What concerns routing is applied live, the rest at start."""

    pools: Annotated[dict[Id, Pool], about("Pools by id.")] = field(default_factory=lambda: {"main": Pool()})
    targets: Annotated[dict[Id, Target], about("Agreed limits of the wait, by name.")] = field(
        default_factory=dict
    )
    channels: Annotated[dict[ChannelName, Channel], about("Channels that differ from what is usual.")] = (
        field(default_factory=dict)
    )
    topics: Annotated[dict[Id, Topic], about("What citizens may come for, by id.")] = field(
        default_factory=dict
    )
    languages: Annotated[dict[Language, Spoken], about("Languages served, by tag.")] = field(
        default_factory=dict
    )
    agents: Annotated[dict[Id, Agent], about("Agents by pseudonym.")] = field(default_factory=dict)
    groups: Annotated[dict[Id, Group], about("Agents in reserve for some topics, by id.")] = field(
        default_factory=dict
    )
    hours: Annotated[Hours | None, about("Opening hours; none: always open.")] = None
    flows: Annotated[Flows, about("Conversations before an agent: see docs/reference/flows.md.")] = field(
        default_factory=Flows
    )
    agencies: Annotated[dict[Id, Agency], about("Agencies behind the one door, by id.")] = field(
        default_factory=dict
    )
    gateways: Annotated[Gateways, about("Ways in and out of Guichet.")] = field(default_factory=Gateways)
    notify: Annotated[Notify, about("Messages to citizens, and the mail server.")] = field(
        default_factory=Notify
    )
    http: Annotated[Http, about("API, page and metrics.")] = field(default_factory=Http)
    log: Annotated[Log, about("The durable log.")] = field(default_factory=Log)
    vault: Annotated[Vault, about("Personal data, encrypted.")] = field(default_factory=Vault)

    citizens: Annotated[Citizens, about("How long citizens are known.")] = field(default_factory=Citizens)

    def outer(self, pool: str) -> str | None:
        """The pool that an engine owns: this one, or the one it is inside of. None: there is no such pool."""
        if pool in self.pools:
            return pool
        return next((name for name, outer in self.pools.items() if pool in outer.pools), None)

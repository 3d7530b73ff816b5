"""`guichet flow play`: a flow in this terminal, as a phone or as text, in a pretended world."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from zoneinfo import ZoneInfo

import msgspec

from config.tree import Tree
from ivr_flows.hours import opening
from ivr_flows.interpreter import advance
from ivr_flows.model import Flow
from ivr_flows.phone_words import keys_said
from ivr_flows.session import (
    Answered,
    Choose,
    Collect,
    Done,
    End,
    Input,
    Left,
    Perform,
    Say,
    Session,
    Silent,
    Started,
    Step,
)  # fmt: skip
from ivr_flows.stage import World, performed
from ivr_flows.text import lines, text_of, understood
from router.commands.flow_files import add_options, good, tree_of

TEACH = """\
Walks through a flow. Nothing is called: what a service would answer is asked of you, or given by --world.

  guichet flow play housing                       as text: write, or a choice's key; an empty line is silence
  guichet flow play housing --channel phone       as a phone: what is said, then keys
  guichet flow play housing --at 2026-12-25T10:00 on Christmas, by the hours of the configuration
  guichet flow play housing --world '{"hours": {"main": "closed"}}'

Write /hang-up to hang up, /path for the nodes so far, /vars for what is known.
"""

OPENS = "2026-12-01T08:30/2026-11-30T18:00"  # tomorrow at 8.30


def add(action: argparse.ArgumentParser) -> None:
    """Its arguments."""
    add_options(action)
    action.add_argument("--channel", choices=("phone", "text"), default="text", help="default: text")
    action.add_argument("--at", metavar="TIME", help="a local time, as 2026-12-24T17:30 (default: now)")
    action.add_argument("--language", default="", metavar="TAG", help="the language to begin with")
    action.add_argument("--caller", default="+33612345678", metavar="NUMBER", help="who calls")
    action.add_argument(
        "--world", default="{}", metavar="JSON", help="how things stand: docs/reference/flows.md"
    )


def run(arguments: argparse.Namespace) -> int:
    """Until the flow ends."""
    tree = tree_of(arguments)
    made = good(arguments, tree)
    now = instant(arguments.at, made.flows.flows[made.flows.main])
    try:
        world = msgspec.json.decode(arguments.world, type=World)
    except msgspec.DecodeError as error:
        raise ValueError(f"--world: {error}") from None
    player = _Player(world, tree, now, phone=arguments.channel == "phone")
    session = Session()
    known = {"caller": arguments.caller} | dict(world.known)
    happened: Input = Started("phone" if player.phone else "chat", arguments.language, known)
    while True:
        step = advance(made.flows, session, happened, now)
        session = step.session
        player.show(step)
        if session.ended:
            print(f"— ended: {session.ended}; path: {' → '.join(session.path)}")
            return 0
        happened = player.next(session)


def instant(text: str | None, flow: Flow) -> int:
    """Microseconds since 1970."""
    if text is None:
        return time.time_ns() // 1000
    try:
        when = dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"--at {text} is no time: write 2026-12-24T17:30") from None
    zone = ZoneInfo(flow.head.time_zone)
    return round((when if when.tzinfo else when.replace(tzinfo=zone)).timestamp() * 1_000_000)


def hours_by(tree: Tree | None, now: int, name: str) -> Done:
    """What a calendar of the configuration says."""
    hours = None
    if tree is not None:
        hours = tree.hours if name == "main" else tree.flows.calendars.get(name)
    found = opening(hours, now)
    return Done(found.port, dict(found.values))


class _Player:
    def __init__(self, world: World, tree: Tree | None, now: int, *, phone: bool) -> None:
        self.world, self.tree, self.now, self.phone = world, tree, now, phone

    def show(self, step: Step) -> None:
        if step.fault:
            print(f"— the interpreter failed ({step.fault}): please report it with this flow")
        for ask in step.asks:
            match ask:
                case Say():
                    print(text_of(ask))
                case Choose() if self.phone:
                    print(*(text_of(say) for say in keys_said(ask)), sep="\n")
                case Choose():
                    print(*(f"  [{line.key}] {line.text}" for line in lines([ask])), sep="\n")
                case Perform():
                    given = ", ".join(f"{name}={value}" for name, value in ask.arguments.items())
                    print(f"— {ask.service} {ask.name} {given}".rstrip())
                case Collect() | End():
                    pass

    def next(self, session: Session) -> Input:
        waited = session.waits_for
        if isinstance(waited, Perform):
            done = performed(
                self._world_for(waited), waited, lambda name: hours_by(self.tree, self.now, name)
            )
            if done == Done("closed"):  # pretended: then the next opening is, too
                done = Done("closed", {"opens": OPENS})
            print(f"— … {'hang-up' if done is None else done.port}")
            return done or Left()
        while True:
            try:
                written = input("> ")
            except EOFError:
                return Left()
            if written == "/hang-up":
                return Left()
            if written == "/path":
                print(" → ".join(session.path))
            elif written == "/vars":
                print(session.frames[-1].variables)
            elif not written.strip():
                return Silent()
            else:
                return Answered(written) if self.phone else understood(waited, written)

    def _world_for(self, asked: Perform) -> World:
        """A lookup that nobody described is asked of whoever plays."""
        if asked.service != "lookup" or asked.name in self.world.services or not sys.stdin.isatty():
            return self.world
        wanted = ", ".join(f'"{name}": …' for name in asked.gives)
        print(f"— what does `{asked.name}` answer? JSON such as {{{wanted}}}, or missing, or nothing")
        written = input("— ").strip()
        answer: dict[str, object] = {"port": written or "unavailable"}
        if written.startswith("{"):
            answer = {"values": msgspec.json.decode(written)}
        return msgspec.convert({"services": {asked.name: answer}}, World)

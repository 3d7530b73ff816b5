"""Least classes: each action that Guichet sends is allowed by the shipped manager.conf; no class is idle."""

import re
from pathlib import Path
from typing import get_args

import pytest

from router.phone import ami_actions, controls_ami
from router.phone.controls_ami import ControlAction
from tests.phone.lab import PRIVATE, Lab

pytestmark = pytest.mark.asterisk

WRITE = re.search(r"^write = (.+)$", (PRIVATE.parent / "etc" / "manager.conf").read_text(), re.MULTILINE)[1]


def sent() -> set[str]:
    """The names of all actions of router/phone."""
    plain = {each.__name__ for each in get_args(ami_actions.Action) if not issubclass(each, ControlAction)}
    return plain | set(re.findall(r'"Action": "(\w+)"', Path(controls_ami.__file__).read_text()))


def needed(lab: Lab, action: str) -> set[str]:
    """The classes of which one is needed; none for an action that everybody may."""
    shown = lab.cli("manager", "show", "command", action)
    classes = re.search(r"\[Privilege\]\s*(\S+)", shown)
    assert classes, f"{action} is not known to this Asterisk: {shown}"
    return set(classes[1].split(",")) - {"all", "<none>"}


def test_every_action_is_allowed_and_every_class_is_needed_by_one(lab):
    write = set(WRITE.split(","))
    needs = {action: needed(lab, action) for action in sent()}
    assert {action for action, classes in needs.items() if classes and not classes & write} == set()
    only = [classes & write for classes in needs.values() if len(classes & write) == 1]
    assert set().union(*only) == write, "a class that no action needs by itself is idle"

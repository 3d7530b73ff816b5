"""What a command's help names is there."""

import importlib
import re
from pathlib import Path

import pytest

from router.cli import COMMANDS

ROOT = Path(__file__).parents[3]
NAMED = re.compile(r"(?:docs|config|deploy)/[\w./-]*\w")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_file_that_a_help_sends_to_exists(command):
    said = importlib.import_module(f"router.commands.{command}").TEACH
    assert [name for name in NAMED.findall(said) if not (ROOT / name).exists()] == []

"""One mutant against the tests, in a process of its own: forked, so that libraries are loaded once for all.

The parent must never import the code under test: the child takes it from its wrong tree. No file is changed.
"""

from __future__ import annotations

import ast
import os
import select
import signal
import sys
import tempfile
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import entry_points
from types import ModuleType

import pytest

PATIENCE = 300.0  # seconds: a mutant that runs longer hangs, and is found out by that

STAGES = (
    (
        "tests/unit/skills",
        "tests/unit/core/test_matching.py",
        "tests/unit/core/test_learnt.py",
        "tests/unit/core/test_ladder.py",
        "tests/unit/core/test_room.py",
    ),
    ("tests/unit/core", "tests/unit/test_rules.py"),
    ("tests/laws/test_complaints_asterisk.py", "tests/laws/test_complaints_others.py"),
    (
        "tests/property/test_plain_matching.py",
        "tests/property/test_core_laws.py",
        "tests/property/test_configured_laws.py",
    ),
)
CITIZENS = (
    (
        "tests/unit/citizens/test_linking.py",
        "tests/unit/citizens/test_links.py",
        "tests/unit/citizens/test_joining.py",
    ),
    ("tests/citizens/test_parts.py",),
    ("tests/citizens/test_linking_laws.py",),
)
LAST = ("tests/laws/test_laws.py",)  # for those that survived all the others
LEFT_OUT = ("the_process_says",)  # its other process would run the right code
WARNS = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # plugins are loaded already


class _Wrong(MetaPathFinder, Loader):
    """Gives one module from a tree instead of its file."""

    def __init__(self, module: str, path: str, tree: ast.Module) -> None:
        self._module, self._path, self._tree = module, path, tree

    def find_spec(self, name: str, path: object, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, self, origin=self._path) if name == self._module else None

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = self._path
        exec(compile(self._tree, self._path, "exec"), module.__dict__)


class _First:
    """The first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.name:
            self.name = f"{report.nodeid}: not even imported"


def prepare() -> None:
    """Loads what pytest would load in each child: two of its three seconds."""
    for plugin in entry_points(group="pytest11"):
        plugin.load()


def trial(
    file: str,
    tree: ast.Module | None,
    without: Sequence[str] = (),
    stages: Sequence[Sequence[str]] = STAGES,
) -> str:
    """Which test found this tree wrong; empty: none. Without a tree, the code as it is."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _tests(file, tree, without, stages, writer)
    os.close(writer)
    said = b""
    try:
        while select.select([reader], [], [], PATIENCE)[0]:
            piece = os.read(reader, 4096)
            if not piece:
                break
            said += piece
        else:
            os.kill(child, signal.SIGKILL)
            said = b"it hangs"
    finally:
        os.close(reader)
        _, status = os.waitpid(child, 0)
    if said == b"" and status:
        return f"the interpreter ended with {status}"
    return said.decode().removeprefix("=")


def _tests(
    file: str, tree: ast.Module | None, without: Sequence[str], stages: Sequence[Sequence[str]], writer: int
) -> None:
    """In the child: it ends here."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    if tree is not None:
        sys.meta_path.insert(0, _Wrong(file.removesuffix(".py").replace("/", "."), file, tree))
    first = _First()
    skip = " and ".join(f"not {name}" for name in LEFT_OUT)
    options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "-k", skip, *WARNS]
    options += [f"--deselect={name}" for name in without]
    own = f"tests/unit/core/test_{os.path.basename(file)}"
    for stage in ((own,), *stages):
        tests = [each for each in stage if os.path.exists(each)]
        if tests and not first.name:
            pytest.main([*options, *tests], plugins=[first])
    os.write(writer, b"=" + first.name.encode())
    os._exit(0)

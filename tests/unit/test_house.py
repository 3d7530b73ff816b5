"""The rules of the house that no linter knows: whose modules these are, their size, what no file may name."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("router", "ivr_flows", "skills", "metrics", "config", "citizens")
LONGEST = 400  # lines; a hundred is the aim

# With brackets, so that this file does not name what it forbids.
HOSTS = re.compile(
    r"(?:[p]ypi|[p]ythonhosted|[n]pmjs|[d]eb\.debian|[s]napshot\.debian|[s]ecurity\.debian)\.org"
)
MACHINE_PATHS = re.compile(r"(?<![\w.{}$~*-])/(?:[w]ork|[r]oot|[h]ome/\w+|[o]pt/(?:wheels|pypi))/")


def tracked() -> list[Path]:
    """Every file of the tree that .gitignore does not name; git itself need not be there."""
    ignored = {".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split())}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in ignored)]
        found += [
            Path(folder, name) for name in names if not any(fnmatch(name, pattern) for pattern in ignored)
        ]
    return found


def modules() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py"]


def named(text: str) -> list[str]:
    """The lines that name a registry's host or a path of one machine, with their numbers."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {line}" for number, line in lines if HOSTS.search(line) or MACHINE_PATHS.search(line)]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_the_one_of_this_tree(package: str) -> None:
    """Names such as `config` are common: fine for an application, if no other package is in the way."""
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).parent == ROOT / package


def test_no_file_names_a_registry_or_a_machine_path() -> None:
    found = {
        str(path.relative_to(ROOT)): named(path.read_bytes().decode(errors="replace")) for path in tracked()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "text",
    [
        "https://py{}pi.org/simple",
        "http://deb.deb{}ian.org/debian",
        "see /wo{}rk/main/x",
        "'/ro{}ot/.cache/'",
    ],
)
def test_the_rule_on_names_can_fail(text: str) -> None:
    assert named(text.format(""))
    assert not named(text)


def test_each_module_opens_with_what_it_is_for() -> None:
    assert [path for path in modules() if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_no_module_is_long() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in modules()}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


@pytest.mark.parametrize("command", ["run", "test", ".ci/run", "scripts/lock"])
def test_commands_can_be_run(command: str) -> None:
    assert (ROOT / command).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", ROOT / command], check=True)


@pytest.mark.parametrize("command", ["run", "test"])
def test_help_teaches_and_changes_nothing(command: str, tmp_path: Path) -> None:
    """With an empty environment and from anywhere."""
    made = subprocess.run(
        [ROOT / command, "--help"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.startswith(f"./{command} ")
    assert list(tmp_path.iterdir()) == []

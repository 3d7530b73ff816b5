"""What the phone tests share: one Asterisk for each test that asks for it, in a folder with a short path."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone.lab import Lab


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path fits into a Unix socket's address (pytest's own may not)."""
    path = Path(tempfile.mkdtemp(prefix="guichet-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def lab(folder: Path) -> Iterator[Lab]:
    with Lab(folder / "asterisk") as running:
        yield running

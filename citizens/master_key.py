"""The vault's master key: 32 random bytes in a file that only its owner may read, made at first start.

It must never be used when others can read it: the error says how to mend that.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LENGTH = 32


class KeyFileError(Exception):
    """The key file cannot be used; the text says the mend."""


def load_or_make(path: Path) -> bytes:
    """The key in the file; a new one, durable before it is used, where there is no file."""
    if not os.path.lexists(path):
        make(path)
    return load(path)


def make(path: Path) -> None:
    """A new key in a new file, linked into place: two first starts at once end with one whole key."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, os.urandom(LENGTH))
            os.fsync(handle)
        finally:
            os.close(handle)
        with suppress(FileExistsError):
            os.link(aside, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as fault:
        raise KeyFileError(f"cannot make the vault's key file {path}: {fault.strerror}") from fault
    finally:
        with suppress(FileNotFoundError):
            os.unlink(aside)


def load(path: Path) -> bytes:
    """The key in the file. Raises KeyFileError with the mend."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError as fault:
        raise KeyFileError(f"cannot read the vault's key file {path}: {fault.strerror}") from fault
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise KeyFileError(f"the vault's key file {path} is not a regular file")
        if about.st_mode & 0o077:
            raise KeyFileError(f"others may read the vault's key file: chmod 600 {path}")
        key = os.read(handle, LENGTH + 1)
    finally:
        os.close(handle)
    if len(key) != LENGTH:
        raise KeyFileError(f"the vault's key file {path} must hold {LENGTH} bytes: put back the right one")
    return key

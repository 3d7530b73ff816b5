"""What Guichet needs of the machine it runs on: a port, room, its keys, a way in for people."""

from __future__ import annotations

import os
import shutil
import socket
from typing import TYPE_CHECKING

from router.api.tokens import PublicDemoTokens, refuse_public
from router.check.found import Found

if TYPE_CHECKING:
    from pathlib import Path

    from config.tree import Tree

ENOUGH = 1 << 30  # bytes free below which a log has no future


def tokens(tree: Tree) -> Found:
    """Somebody may come in, and nobody from outside by a token that everybody knows."""
    try:
        refuse_public(tree.http.host, tuple(token.credential() for token in tree.http.tokens))
    except PublicDemoTokens as wrong:
        return Found("http: demonstration tokens on a public address", str(wrong))
    if not tree.http.tokens:
        return Found(
            "http: no tokens, so nobody can come in", "add http.tokens: config/examples/agency shows how"
        )
    return Found(f"http: {len(tree.http.tokens)} tokens")


def port(tree: Tree) -> Found:
    """The HTTP port is free, or Guichet itself may be on it."""
    host, number = tree.http.host, tree.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, number))
        except OSError as error:
            mend = "is Guichet running already? Else stop what listens there, or set another http.port"
            return Found(f"http: {host}:{number}: {error.strerror}", mend)
    return Found(f"http: {host}:{number} is free")


def disk(folder: Path) -> Found:
    """Room for the log and the archive."""
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free
    what = f"disk: {free / (1 << 30):.1f} GiB free for {folder}"
    if not os.access(there, os.W_OK):
        return Found(
            f"disk: {there} is not writable", "give the user of Guichet this folder, or name another"
        )
    return Found(what, "" if free >= ENOUGH else "free some space: at least 1 GiB is wise")


def key_file(path: Path) -> Found:
    """The vault's key is there and private, or can be made."""
    if not path.exists():
        return Found(f"vault: {path} will be made at the first start; keep a copy of it", warning=True)
    if path.stat().st_mode & 0o077:
        return Found(f"vault: {path} can be read by others", f"chmod 600 {path}")
    return Found(f"vault: {path}")

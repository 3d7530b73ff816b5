"""`guichet demo`: the demonstration agency with synthetic citizens and agents; Ctrl-C ends it all."""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
from pathlib import Path

from msgspec import structs

from config.flows import Entry
from config.gateways import Agi, Ami, Gateways, Phone
from config.loader import DEMO, load
from config.tree import Tree
from router.commands.port import port
from router.commands.serving import run_tree
from router.demo.asterisk import HOST, DemoPhone, NoPhone
from router.serve.logs import log_json
from router.serve.site import Site

TEACH = """\
Serves an invented agency (6 topics, 3 languages, 20 agents) on 127.0.0.1, and lets synthetic citizens and
agents come in by the same public API as real ones. Everything it keeps is in ./var.

  guichet demo                    then open the address it prints
  guichet demo --quiet            no synthetic traffic: you are the only citizen
  guichet demo --phone            with a private Asterisk: call in with a softphone and hear it

Its tokens (demo-supervisor, demo-operator, demo-designer, demo-agent-ag01 to -ag20) are known to all the
world and work on loopback only.
"""
SERVICE = "3230"
LIBRARY = Path(__file__).parents[2] / "ivr_flows" / "library"


def add(command: argparse.ArgumentParser) -> None:
    """Its arguments."""
    command.add_argument("--quiet", action="store_true", help="no synthetic traffic")
    command.add_argument("--phone", action="store_true", help="also a private Asterisk on loopback")
    command.add_argument("--port", type=port, default=8080, help="HTTP port (default: 8080)")
    command.add_argument("--rate", type=float, default=1.0, help="synthetic citizens per second (default: 1)")
    command.add_argument("--var", type=Path, default=Path("var"), metavar="DIR", help="default: ./var")


def run(arguments: argparse.Namespace) -> int:
    """Start what is wanted, serve, end what was started."""
    var: Path = arguments.var
    try:
        var.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"guichet demo: {var}: {error.strerror} (mend: another --var)", file=sys.stderr)
        return 1
    log_json("info", var / "guichet.log")
    tree = demo_tree(var, arguments.port)
    phone = DemoPhone(var / "asterisk") if arguments.phone else None
    traffic: list[subprocess.Popen[bytes]] = []

    def told(site: Site) -> None:
        if phone is not None:
            traffic.append(publish_library(site.address))
        if not arguments.quiet:
            traffic.append(start_traffic(site.address, arguments.rate, phones=phone is not None))
        print(welcome(site, phone, var), flush=True)

    async def leaving() -> None:
        """Agents log out and citizens leave while the API still answers."""
        for one in traffic:
            one.terminate()
        for one in traffic:
            await asyncio.to_thread(one.wait)

    try:
        if phone is not None:
            print("guichet: starting Asterisk …", flush=True)
            phone.start()
            tree = with_phone(tree, phone)
        code = run_tree(tree, "main", told, leaving)
        if code == 0:
            print("guichet: ended, nothing is left running", flush=True)
        return code
    except NoPhone as why:
        print(f"guichet demo: {why}", file=sys.stderr)
        return 1
    finally:
        for one in traffic:
            one.kill()
            one.wait()
        if phone is not None:
            phone.stop()


def demo_tree(var: Path, port: int) -> Tree:
    """The shipped demonstration, keeping its things under `var`."""
    tree = load(DEMO).tree
    return structs.replace(
        tree,
        http=structs.replace(tree.http, port=port),
        log=structs.replace(tree.log, directory=str(var), archive=str(var / "archive")),
        vault=structs.replace(tree.vault, key_file=str(var / "vault.key")),
    )


def with_phone(tree: Tree, phone: DemoPhone) -> Tree:
    """Joined to the Asterisk that was just started."""
    ami = Ami(secret_file=str(phone.secret_file), host=HOST, port=phone.ami)
    agi = Agi(host=HOST, port=phone.agi, secret_file=str(phone.agi_secret_file))
    gateway = Phone(service_number=SERVICE, ami=ami, agi=agi)
    flows = structs.replace(tree.flows, folder=str(LIBRARY), entries={"main": Entry(flow="welcome")})
    return structs.replace(tree, gateways=Gateways(phone=gateway), flows=flows)


def publish_library(address: str) -> subprocess.Popen[bytes]:
    """The main entry of the library becomes what callers hear, by the same command as anybody's flow."""
    command = [sys.executable, "-m", "router.cli", "flow", "publish", "welcome", "--folder", str(LIBRARY)]
    command += ["--url", address.rstrip("/")]
    quiet = subprocess.DEVNULL  # what is not installed here, it says to whoever runs it by hand
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)


def start_traffic(address: str, rate: float, *, phones: bool) -> subprocess.Popen[bytes]:
    """Synthetic citizens and agents, a process of their own: nothing but the public API joins it to us."""
    command = [sys.executable, "-m", "router.demo", "--url", address.rstrip("/"), "--rate", str(rate)]
    command += ["--with-parent", *(["--phones"] if phones else [])]
    return subprocess.Popen(command, start_new_session=True)  # a Ctrl-C is for us to pass on


def welcome(site: Site, phone: DemoPhone | None, var: Path) -> str:
    """What a newcomer can open and try."""
    at = site.address
    lines = [
        "",
        "Guichet serves the demonstration agency.",
        "",
        f"  the board     {at}",
        f"  the API       {at}api/v1/openapi.json",
        f"  metrics       {at}metrics",
        f"  try           curl -H 'Authorization: Bearer demo-supervisor' '{at}api/v1/contacts?limit=5'",
        f"                export GUICHET_URL={at.rstrip('/')}",
        "                .venv/bin/guichet contacts --state waiting",
        f"  logs          {var / 'guichet.log'}   archive {var / 'archive'}",
    ]
    if phone is not None:
        lines += [
            "",
            f"  call {SERVICE}     with a SIP softphone at {HOST}:{phone.sip} (UDP):",
            *(
                f"                account {name}, password {phone.password(name)}"
                for name in ("1001", "1002")
            ),
            "                key what it asks; agents' phones echo what you say. The conversation:",
            "                ivr_flows/library, as guichet flow draw welcome shows it",
        ]
    return "\n".join([*lines, "", "Ctrl-C ends everything it started.", ""])

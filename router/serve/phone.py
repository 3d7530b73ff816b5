"""From the configuration's words to the phone gateway's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.phone.settings import AgiSettings, AmiSettings, MenuSettings, PhoneSettings

if TYPE_CHECKING:
    from config.gateways import Ami, Phone
    from config.tree import Tree


def phone_settings(tree: Tree, name: str, phone: Phone, pool: str) -> PhoneSettings:
    """What the gateway must be told; agents without an endpoint are never rung."""
    return PhoneSettings(
        name=name,
        ami=ami_settings(phone.ami),
        agi=AgiSettings(
            phone.agi.host,
            phone.agi.port,
            phone.agi.allow,
            phone.agi.connections,
            str(phone.agi.secret_file or ""),
        ),
        menu=MenuSettings(
            phone.menu.tries, phone.menu.wait_s, {name: said for name, said in phone.menu.prompts.items()}
        ),
        endpoints={
            name: ".".join(agent.phones)
            for name, agent in tree.agents.items()
            if tree.outer(agent.pool) == pool and agent.phones
        },
        ring_s=phone.ring_s,
        vault_ttl_s=round(tree.vault.expiry_s),
        announce_s=phone.announce_s,
        compare_s=phone.compare_s,
        recordings=str(phone.recording.folder or ""),
        keep_days=phone.recording.keep_days,
    )


def ami_settings(ami: Ami) -> AmiSettings:
    """The link to Asterisk's manager."""
    ca_file = str(ami.tls.ca_file) if ami.tls is not None else ""
    return AmiSettings(ami.host, ami.port, ami.user, str(ami.secret_file), ca_file)

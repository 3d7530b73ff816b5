"""From the configuration's words to the phone gateway's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from router.phone.settings import AgiSettings, AmiSettings, PhoneSettings

if TYPE_CHECKING:
    from config.gateways import Phone
    from config.tree import Tree


def phone_settings(tree: Tree, phone: Phone, pool: str) -> PhoneSettings:
    """What the gateway must be told; agents without an endpoint are never rung."""
    return PhoneSettings(
        name="phone",
        ami=AmiSettings(phone.ami.host, phone.ami.port, phone.ami.user, str(phone.ami.secret_file)),
        agi=AgiSettings(phone.agi.host, phone.agi.port, phone.agi.allow),
        endpoints={
            name: agent.endpoint
            for name, agent in tree.agents.items()
            if agent.pool == pool and agent.endpoint is not None
        },
        ring_s=phone.ring_s,
        vault_ttl_s=round(tree.vault.expiry_s),
    )

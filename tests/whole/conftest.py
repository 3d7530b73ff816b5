"""All the real servers at once: what the rooms' own tests start each for itself."""

from tests.mail.conftest import servers
from tests.phone.conftest import folder, lab

__all__ = ["folder", "lab", "servers"]

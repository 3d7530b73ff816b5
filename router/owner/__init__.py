"""The owner of a pool: the one place where events are stepped, made durable, and only then released."""

from router.owner.owner import Owner

__all__ = ["Owner"]

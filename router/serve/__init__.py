"""`guichet serve`: one process with everything in it, wired by hand. It starts and ends parts, no more."""

from router.serve.site import Site, serve

__all__ = ["Site", "serve"]

"""The core's version: it changes whenever the same lines could give other output."""

CORE_VERSION = "6"

"""A port on the command line."""

from __future__ import annotations

import argparse


def port(text: str) -> int:
    """For argparse."""
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 (any free one) to 65535")
    return int(text)

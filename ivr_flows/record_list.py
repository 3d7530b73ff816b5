"""`python -m ivr_flows.record_list FLOW.yaml`: every piece a flow says, what is not recorded marked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from config.fault import Faults
from ivr_flows.loader import load as load_flow
from ivr_flows.recordings import BadIndex, load, same
from ivr_flows.sayings import wanted


def main(arguments: list[str] | None = None) -> int:
    """One line for each piece: `-` is recorded, `+` is to be recorded. Ends with the count."""
    parser = argparse.ArgumentParser(prog="python -m ivr_flows.record_list", description=__doc__)
    parser.add_argument("flow", type=Path, help="the flow's file")
    parser.add_argument("--recordings", type=Path, default=Path("recordings"), help="default: ./recordings")
    parser.add_argument("--language", help="only this one")
    given = parser.parse_args(arguments)
    try:
        recorded = load(given.recordings)
        pieces = wanted(load_flow(given.flow))
    except (BadIndex, Faults, OSError) as fault:
        print(fault, file=sys.stderr)
        return 1
    some = [each for each in pieces if given.language in (None, each[0])]
    left = 0
    for language, text in some:
        there = (language, same(text)) in recorded
        left += not there
        print(f"{'-' if there else '+'} {language}\t{text}")
    print(f"{len(some)} pieces, {left} to be recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main())

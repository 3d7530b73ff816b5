"""Guichet under cProfile: where its own processor time goes at a rate of calls.

`python -m bench.phone.profiled serve …` is `guichet serve …` in one process; PROFILE names the file that gets
the figures at its end. cProfile about doubles what each call costs: no other figure is taken from such a run.
"""

from __future__ import annotations

import cProfile
import os
import sys

from router import cli


def main() -> int:
    with cProfile.Profile() as profile:
        code = cli.main([*sys.argv[1:], "--no-parent"])
    profile.dump_stats(os.environ["PROFILE"])
    return code


if __name__ == "__main__":
    sys.exit(main())

"""`python -m router.demo`: traffic for a demonstration that runs already."""

import sys

from router.demo.traffic import main

if __name__ == "__main__":
    sys.exit(main())

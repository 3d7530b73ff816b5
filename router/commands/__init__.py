"""One command a file: each has `add(subparsers)` and names the function that runs it. No logic lives here."""

"""One command a file: `TEACH` is its help, `add` its arguments, `run` runs it. No logic lives here."""

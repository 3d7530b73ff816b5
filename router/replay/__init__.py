"""What the archive proves and tells: `guichet replay` and `guichet why`. Reads only."""

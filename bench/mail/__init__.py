"""How fast a mailbox is drained, and with how much memory: `python -m bench.mail`."""

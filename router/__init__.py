"""Guichet's router: takes contacts and steers each to the agent who serves it best, now."""

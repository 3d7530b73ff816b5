"""The chat gateway: citizens and agents write to each other, each message kept once and told in order."""

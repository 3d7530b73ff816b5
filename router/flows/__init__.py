"""Flows in service: published versions, running sessions, what they want of the world performed."""

"""Writes what the log says of contacts into their citizens' journeys."""

from router.journey.writer import JourneyWriter

__all__ = ["JourneyWriter"]

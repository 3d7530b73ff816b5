"""Decisions and policies in sentences that people read, in English and French, each for who may see what.

It decides nothing and computes no score: every figure comes from the core's own explanation.
"""

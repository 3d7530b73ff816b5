"""Bare panoramisk leaves sockets open: they are collected here, where that is known and no fault of ours."""

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def _leavings():
    yield
    gc.collect()

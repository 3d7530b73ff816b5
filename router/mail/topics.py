"""What a letter is about, learnt from a few examples per topic: hashed runs of letters and a softmax.

Small, deterministic, without a dictionary: it knows nothing but the examples of the configuration, says how
sure it is, and does not guess: below the threshold a person sorts.
"""

from __future__ import annotations

import unicodedata
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

WIDTH = 1 << 13  # places a run of letters can hash to
RUNS = (3, 4, 5)  # letters in a run
READ_MAX = 3_000  # characters of a letter that are looked at
ROUNDS, RATE, DECAY = 300, 4.0, 1e-4  # of the training: by these the examples are told apart, no more


class Topics:
    """Trained in its making: a tenth of a second for a hundred examples."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        self._names = [name for name, texts in sorted(examples.items()) if texts]
        pairs = [(at, text) for at, name in enumerate(self._names) for text in examples[name]]
        if len(self._names) < 2:
            self._weights = np.zeros((WIDTH, 0))
            return
        seen = np.stack([_features(text) for _, text in pairs])
        wanted = np.zeros((len(pairs), len(self._names)))
        wanted[range(len(pairs)), [at for at, _ in pairs]] = 1.0
        each = 1.0 / (len(self._names) * wanted.sum(axis=0))  # a topic with many examples is not more likely
        share = wanted @ each
        # In terms of the examples: the weights are a sum of them, so the square of WIDTH is never met.
        alike = seen @ seen.T
        part = np.zeros_like(wanted)
        for _ in range(ROUNDS):
            wrong = (wanted - _softmax(alike @ part)) * share[:, None]
            part += RATE * len(self._names) * wrong - DECAY * part
        self._weights = seen.T @ part

    def of(self, text: str) -> tuple[str, float]:
        """The likeliest topic and how sure that is, from 0 to 1; empty where there is nothing to go by."""
        features = _features(text)
        if not self._weights.size or not features.any():
            return "", 0.0
        sure = _softmax(features @ self._weights)
        best = int(sure.argmax())
        return self._names[best], float(sure[best])


def _features(text: str) -> NDArray[np.float64]:
    """How often each run occurs, damped, as a direction."""
    folded = unicodedata.normalize("NFKD", text[:READ_MAX].casefold())
    letters = "".join(each if each.isalpha() else " " for each in folded if not unicodedata.combining(each))
    found = np.zeros(WIDTH)
    for word in letters.split():
        framed = f" {word[:40]} "
        for length in RUNS:
            for at in range(len(framed) - length + 1):
                found[zlib.crc32(framed[at : at + length].encode()) % WIDTH] += 1.0
    found = np.log1p(found)
    size = float(np.linalg.norm(found))
    return found / size if size else found


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    even: NDArray[np.float64] = raised / raised.sum(axis=-1, keepdims=True)
    return even

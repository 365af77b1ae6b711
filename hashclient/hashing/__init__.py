"""Turn pixels into signals.

Each technique has a file of its own, from which it is imported, and hashers of pictures share one interface. Nothing here opens a file
(`hashclient.media` does) or judges what was computed (`hashclient.model.policy` does).

    >>> import numpy as np
    >>> from hashclient.hashing.pdq import pdq_hash
    >>> ramp = np.arange(256, dtype=np.uint8) * np.ones((256, 1), np.uint8)
    >>> value, quality = pdq_hash(ramp)
    >>> len(value), quality
    (64, 44)

A hasher gives signals, of a file that was opened or of an array:

    >>> from hashclient.hashing.reposts.coverage import CoverageHasher
    >>> from hashclient.pixels import ArrayPixels
    >>> from hashclient.vocabulary import Coverage
    >>> noise = np.random.default_rng(1).integers(0, 256, (300, 400, 3), np.uint8)
    >>> signals = CoverageHasher(Coverage.STANDARD).hash_image(ArrayPixels(noise))
    >>> [signal.variant for signal in signals[:3]]
    ['original', 'mirror+crop-6-6-6-6', 'square-black']
"""

"""Turn pixels into signals.

One file a technique, behind one interface. This room opens no file (`hashclient.media` does) and
does not judge what it computed (`hashclient.model.policy` does).

    >>> import numpy as np
    >>> from hashclient.hashing.pdq import pdq
    >>> ramp = np.arange(256, dtype=np.uint8) * np.ones((256, 1), np.uint8)
    >>> value, quality = pdq(ramp)
    >>> len(value), quality
    (64, 44)
"""

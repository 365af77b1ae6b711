"""Put limits and the recipes of re-posts into the form of the export."""

import dataclasses
import json
from importlib import resources
from typing import Any

from hashclient.hashing.reposts import levels
from hashclient.media import limits
from hashclient.model import policy, profile, signal, submission
from hashclient.vocabulary import MAX_FRAMES, USUAL, Coverage


def limits_as_data() -> dict[str, Any]:
    """Return the numbers that a file, a request, a hash and a profile may not pass."""
    return {
        "image": dataclasses.asdict(limits.IMAGES),
        "video": dataclasses.asdict(limits.VIDEOS),
        "submission": {
            "items": submission.MAX_ITEMS,
            "signals": submission.MAX_SIGNALS,
            "signals_per_item": submission.MAX_SIGNALS_PER_ITEM,
            "frames": MAX_FRAMES,
        },
        "signal": {
            "hex_length": signal.HEX_LENGTH,
            "quality_floor": signal.QUALITY_FLOOR,
            "match_distance": signal.MATCH_DISTANCE,
            "flat_bits": policy.FLAT_BITS,
            "variant": signal.VARIANT_PATTERN,
            "variant_length": signal.VARIANT_LENGTH,
        },
        "profile": {
            **profile.Limits().model_dump(),
            "keys": profile.MAX_KEYS,
            "key_bytes": {int(suite): length for suite, length in profile.KEY_BYTES.items()},
        },
    }


def recipes_as_data() -> dict[str, Any]:
    """Return the likely re-posts, and the floors at which one is hashed."""
    file = f"coverage-v{levels.COVERAGE_VERSION}.json"
    written: dict[str, Any] = json.loads(resources.files("hashclient.hashing.reposts").joinpath(file).read_text())
    return {
        "version": written["version"],
        "digest": written["digest"],
        "hashes": {level: levels.HASHES[level] for level in Coverage},
        "floors": {
            "repost": levels.REPOST_FLOOR,
            "framed": levels.FRAMED_FLOOR,
            "turned": levels.TURNED_FLOOR,
            "edges": levels.EDGES_FLOOR,
        },
        "same_within": levels.SAME_WITHIN,
        "types": USUAL,
        "grounds": levels.GROUNDS,
        "recipes": levels.recipes_json(Coverage.WIDE),
        "frames": levels.frame_recipes_json(Coverage.WIDE),
    }

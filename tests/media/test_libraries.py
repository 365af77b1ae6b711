"""The decoders in use, and their least versions."""

from hashclient.media.libraries import FLOORS, below_floor, versions


def test_every_decoder_with_a_floor_is_found_and_above_it() -> None:
    """This installation names each decoder, and none is too old."""
    assert FLOORS.keys() <= versions().keys()
    assert below_floor() == []


def test_an_old_decoder_is_named_with_what_it_should_be() -> None:
    """Numbers are compared as numbers; a decoder that is not there is no warning."""
    found = {"libheif": "1.9.9", "libwebp": "1.10.0", "pillow": "12.3.0.dev0"}
    assert below_floor(found) == ["libheif 1.9.9 (at least 1.23.3)"]

"""Two headers say which of three media types a message has, the same for requests and replies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient.model.wire import JSON, PROBLEM, SEALED, media_type

KINDS = (JSON, SEALED, PROBLEM)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "more", ["", ";", "; charset=utf-8", ';charset="UTF-8"', " ; Charset=Utf-8 ; q=1", "; version=1"]
)
def test_what_frameworks_write_is_taken(kind: str, more: str) -> None:
    """Case, blanks and parameters do not matter, and UTF-8 may be named."""
    for written in (kind, kind.upper(), f" {kind} "):
        for encoding in ("", "identity", "Identity", " identity "):
            assert media_type(written + more, encoding) == kind


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html", "application/json+x", "json", "application/json, application/json", "application/jsonx", "application / json", "application/vnd.api+json", "application/jso\u212a"],
)  # fmt: skip
def test_other_types_are_none_of_ours(content_type: str) -> None:
    """Nothing that only looks like a type of ours is one."""
    assert media_type(content_type) == ""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "charset", ["utf-16", "iso-8859-1", "utf8", "us-ascii", "", '"utf-8', "'utf-8'", "utf-8; charset=utf-16"]
)
def test_other_charsets_are_refused(kind: str, charset: str) -> None:
    """JSON is UTF-8; whoever names another charset may mean it."""
    assert media_type(f"{kind}; charset={charset}") == media_type(f"{kind}; charset ={charset}") == ""


@pytest.mark.parametrize("encoding", ["gzip", "br", "identity, gzip", "identity,identity", "x-identity", "none"])
def test_other_encodings_are_refused(encoding: str) -> None:
    """A packed body is never unpacked."""
    assert all(media_type(kind, encoding) == "" for kind in KINDS)


@given(content_type=st.text(max_size=60) | st.sampled_from(KINDS), encoding=st.text(max_size=12) | st.just("identity"))
def test_any_headers_give_one_of_four_answers(content_type: str, encoding: str) -> None:
    """Whatever stands in them, nothing is raised, and what is found is found again."""
    found = media_type(content_type, encoding)
    assert found in {"", *KINDS}
    assert media_type(found) == found

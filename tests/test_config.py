"""Settings are settled in one order, strictly, and nothing is chosen for the person."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hashclient import config
from hashclient.config import MAX_FILE_BYTES, Settings, default_path
from hashclient.errors import ConfigError
from hashclient.transport.address import parse_origin

load_settings = functools.partial(config.load_settings, parse=parse_origin)
KEY = "9f86d081884c7d65"
DIGITS = "01234 56789 01234 56789 01234"
FILE = f"""
endpoint = "helpline"
proxy = "socks5h://127.0.0.1:9050"
[endpoints.helpline]
origin = "https://helpline.example"
trusted_keys = ["{KEY}", "{DIGITS}"]
allow_plain = true
ca_file = "roots.pem"
[endpoints.other]
origin = "https://other.example:8443"
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def _write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text)
        return path

    return _write


def test_nothing_is_chosen_by_default(tmp_path: Path) -> None:
    """Without file, environment and flags there is no endpoint, and the error names the three ways to one."""
    settings = load_settings(flags={}, environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert settings == Settings()
    with pytest.raises(ConfigError) as caught:
        settings.require_endpoint()
    assert "Nothing was sent" in caught.value.sentence
    for way in ("--endpoint", "HASHCLIENT_ENDPOINT", "settings file"):
        assert way in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_the_file_names_endpoints(write: Callable[[str], Path]) -> None:
    """The endpoint the file chooses comes with its own keys, roots and permission."""
    assert load_settings(flags={}, environ={}, path=write(FILE)) == Settings(
        endpoint="https://helpline.example",
        trusted_keys=(KEY, DIGITS.replace(" ", "")),
        allow_plain=True,
        ca_file=Path("roots.pem"),
        proxy="socks5h://127.0.0.1:9050",
    )


UMLAUT, CAPITAL = "\N{LATIN SMALL LETTER U WITH DIAERESIS}", "\N{LATIN CAPITAL LETTER U WITH DIAERESIS}"
SPELLINGS = {
    "name": [
        "https://helpline.example",
        "https://Helpline.Example/",
        "HTTPS://HELPLINE.EXAMPLE",
        "https://helpline.example.",
        "https://helpline.example:443",
        "https://helpline.example.:443/",
    ],
    "port": ["https://helpline.example:8443", "https://HELPLINE.example:8443/", "https://helpline.example.:8443"],
    "IDN": [
        f"https://b{UMLAUT}cher.example",
        "https://xn--bcher-kva.example",
        f"https://B{CAPITAL}CHER.example",
        "https://XN--BCHER-KVA.example:443",
        f"https://b{UMLAUT}cher.example.",
        f"https://b{UMLAUT}cher\N{IDEOGRAPHIC FULL STOP}example/",
    ],
    "IPv6": [
        "https://[2001:db8::1]",
        "https://[2001:0DB8:0:0::1]",
        "https://[2001:db8:0:0:0:0:0:1]:443",
        "https://[2001:DB8::0.0.0.1]/",
    ],
    "IPv4": ["https://192.0.2.7", "https://192.0.2.7:443/", "https://192.0.2.7."],
    "this device": ["http://localhost:80", "http://LOCALHOST", "http://localhost./"],
    "this device, IPv6": ["http://[::1]:80", "http://[0:0:0:0:0:0:0:1]", "http://[::0001]/"],
}
PAIRS = [(one, other) for same in SPELLINGS.values() for one in same for other in same]


@pytest.mark.parametrize(("written", "asked"), PAIRS)
def test_an_endpoint_keeps_its_keys_however_it_is_spelled(
    write: Callable[[str], Path], written: str, asked: str
) -> None:
    """Keys, roots and permission are found by the parsed origin, from a flag, the environment, and the file itself."""
    table = (
        f'[endpoints.it]\norigin = "{written}"\ntrusted_keys = ["{KEY}"]\nca_file = "roots.pem"\nallow_plain = true\n'
    )
    other = '[endpoints.other]\norigin = "https://other.example"\n'
    file, chosen = write(other + table), write(f'endpoint = "{asked}"\n{other}{table}').read_text()
    found = [
        load_settings(flags={"endpoint": asked}, environ={}, path=write(other + table)),
        load_settings(flags={"endpoint": "it"}, environ={}, path=file),
        load_settings(flags={}, environ={"HASHCLIENT_ENDPOINT": asked}, path=file),
        load_settings(flags={}, environ={}, path=write(chosen)),
    ]
    for one in found:
        assert (one.trusted_keys, one.ca_file, one.allow_plain) == ((KEY,), Path("roots.pem"), True)
        assert parse_origin(one.require_endpoint()) == parse_origin(asked)


def test_each_spelling_is_of_one_origin_only() -> None:
    """The groups above are different origins, so that the test can see."""
    origins = [{parse_origin(one) for one in same} for same in SPELLINGS.values()]
    assert all(len(one) == 1 for one in origins)
    assert len(set.union(*origins)) == len(origins)


@pytest.mark.parametrize(("written", "asked"), [pair for pair in PAIRS if pair[0] != pair[1]])
def test_one_address_has_one_table(write: Callable[[str], Path], written: str, asked: str) -> None:
    """Two tables for one address could disagree about its keys, so the file is refused."""
    file = f'[endpoints.one]\norigin = "{written}"\n[endpoints.two]\norigin = "{asked}"\ntrusted_keys = ["{KEY}"]\n'
    with pytest.raises(ConfigError, match="the same address"):
        load_settings(flags={}, environ={}, path=write(file))


def test_an_address_that_is_none_is_refused(write: Callable[[str], Path]) -> None:
    """What cannot be parsed cannot be looked up, in the file or beside it."""
    for flags, text in (({"endpoint": "nobody"}, FILE), ({}, '[endpoints.x]\norigin = "helpline.example"\n')):
        with pytest.raises(ConfigError, match="Nothing was sent"):
            load_settings(flags=flags, environ={}, path=write(text))


@given(
    scheme=st.sampled_from(["https", "HTTPS", "Https"]),
    labels=st.lists(st.from_regex(r"[a-zA-Z]([a-zA-Z0-9]{0,8}[a-zA-Z0-9])?", fullmatch=True), min_size=1, max_size=4),
    dot=st.sampled_from(["", "."]),
    port=st.sampled_from(["", ":443"]),
    slash=st.sampled_from(["", "/"]),
)
def test_any_name_is_found_again(scheme: str, labels: list[str], dot: str, port: str, slash: str) -> None:
    """Whatever a name is made of, upper case, a dot at its end and the default port make no other origin of it."""
    name = ".".join(labels)
    assert parse_origin(f"{scheme}://{name}{dot}{port}{slash}") == parse_origin(f"https://{name.lower()}")


def test_what_one_endpoint_may_another_may_not(write: Callable[[str], Path]) -> None:
    """Keys and the permission for plain bodies stay with the endpoint they were written for."""
    settings = load_settings(flags={"endpoint": "https://third.example"}, environ={}, path=write(FILE))
    assert (settings.trusted_keys, settings.allow_plain, settings.ca_file) == ((), False, None)
    assert settings.require_endpoint() == "https://third.example"


def test_flag_over_environment_over_file(write: Callable[[str], Path]) -> None:
    """A flag wins over a variable, and a variable over the file."""
    environ = {"HASHCLIENT_ENDPOINT": "other", "HASHCLIENT_KEYS": "0" * 16, "HASHCLIENT_CA_FILE": "mine.pem"}
    settings = load_settings(flags={"endpoint": None}, environ=environ, path=write(FILE))
    assert settings.endpoint == "https://other.example:8443"
    assert (settings.trusted_keys, settings.ca_file) == (("0" * 16,), Path("mine.pem"))
    settings = load_settings(
        flags={"endpoint": "helpline", "trusted_keys": ["1" * 16]}, environ=environ, path=write(FILE)
    )
    assert settings.endpoint == "https://helpline.example"
    assert settings.trusted_keys == ("1" * 16,)


def test_the_environment_cannot_take_the_seal_away() -> None:
    """No variable allows a body that is not sealed, and common proxy variables count for nothing."""
    environ = {"HASHCLIENT_ALLOW_PLAIN": "1", "HTTPS_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}
    settings = load_settings(flags={}, environ={**environ, "XDG_CONFIG_HOME": "/nonexistent"})
    assert settings == Settings()


@pytest.mark.parametrize(
    "text",
    [
        'endpont = "x"',
        "endpoint = 1",
        'trusted_keys = ["0000000000000000"]',
        "endpoints = 1",
        "[endpoints]\nx = 1",
        "[endpoints.x]\npins = []",
        '[endpoints.x]\norigin = "https://x.example"\nallow_plain = 1',
        '[endpoints.x]\norigin = "https://x.example"\ncolour = "red"',
        'endpoint = "x"\n[endpoints.x]\norigin = "https://x.example"\ntrusted_keys = ["nothex"]',
        'endpoint = "x"\n[endpoints.x]\norigin = "https://x.example"\ntrusted_keys = [1]',
        "not toml",
        '"\\u0000 secret" = 1',
        "#" * (MAX_FILE_BYTES + 1),
        "a = " + "[" * 5000,
    ],
)
def test_a_wrong_file_is_refused_whole(write: Callable[[str], Path], text: str) -> None:
    """Unknown keys, wrong kinds and broken files are refused with a sentence that shows no value and no path."""
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(flags={}, environ={}, path=path)
    assert str(path) not in str(caught.value)
    assert "secret" not in str(caught.value)
    assert caught.value.sentence.endswith("Nothing was sent.") or "trusted key" in caught.value.sentence


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """A file that was named and is missing, or is a folder, is an error; the default one may be missing."""
    for path in (tmp_path / "missing.toml", tmp_path):
        with pytest.raises(ConfigError):
            load_settings(flags={}, environ={}, path=path)
    home = {"XDG_CONFIG_HOME": str(tmp_path)}
    default_path(home).mkdir(parents=True)
    with pytest.raises(ConfigError):
        load_settings(flags={}, environ=home)


def test_a_file_that_may_not_be_read(write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system does not give is an error with a sentence."""

    def _refuse(*_: object, **__: object) -> None:
        raise PermissionError

    path = write("")
    monkeypatch.setattr(Path, "open", _refuse)
    with pytest.raises(ConfigError, match="could not be read"):
        load_settings(flags={}, environ={}, path=path)


def test_an_unknown_flag_is_a_mistake_of_the_caller() -> None:
    """A setting that does not exist is refused and not passed over."""
    with pytest.raises(ConfigError):
        load_settings(flags={"colour": "red"}, environ={"XDG_CONFIG_HOME": "/nonexistent"})


def test_a_home_that_nobody_has_is_no_fault_of_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is then found missing; and where the system knows no home at all, there are no settings."""
    environ = {"XDG_CONFIG_HOME": str(tmp_path), "HASHCLIENT_CA_FILE": "~nobody-of-that-name/roots.pem"}
    assert load_settings(flags={}, environ=environ).ca_file == Path("~nobody-of-that-name/roots.pem")
    monkeypatch.setattr("pathlib.Path.expanduser", _no_home)
    assert load_settings(flags={}, environ={}) == Settings()


def _no_home(_path: Path) -> Path:
    raise RuntimeError("Could not determine home directory.")

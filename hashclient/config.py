"""Decide which endpoint is meant and how it is reached: defaults < file < environment < flag.

There is no default endpoint. The file is read, never written. It names endpoints, so that what is
allowed for one (its keys, a body that is not sealed) is not allowed for another:

    endpoint = "helpline"
    [endpoints.helpline]
    origin = "https://endpoint.example"
    trusted_keys = ["9f86d081884c7d65"]

What this room leaves to others: how an address is read (`hashclient.transport`), and whether a key holds
(`hashclient.client`).
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from hashclient.errors import ConfigError
from hashclient.messages import _p

MAX_FILE_BYTES: Final = 64 * 1024
"""Most bytes of a settings file."""
ENVIRONMENT: Final = {
    "HASHCLIENT_ENDPOINT": "endpoint",
    "HASHCLIENT_KEYS": "trusted_keys",
    "HASHCLIENT_CA_FILE": "ca_file",
    "HASHCLIENT_PROXY": "proxy",
}
"""Variables that are read, and the setting of each. None allows a body that is not sealed."""
_RENAMED: Final = "HASHCLIENT_PINS"
"""The old name of `HASHCLIENT_KEYS`, which somebody might take for the place of her PIN."""

_OF_AN_ENDPOINT: Final = {"trusted_keys": list, "allow_plain": bool, "ca_file": str}
_OF_THE_FILE: Final = {"endpoint": str, "proxy": str, "endpoints": dict}
_SHOWABLE: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_KEY: Final = re.compile(r"[0-9a-f]{16}|\d{25}", re.ASCII)


@dataclass(frozen=True)
class Settings:
    """The settings; one object, handed on and never changed."""

    endpoint: str | None = None
    """Address of the endpoint as it was given, or None."""
    trusted_keys: tuple[str, ...] = ()
    """Keys to trust, each a key id (16 hex characters) or its check digits (25); where none is named, the profile's own."""
    allow_plain: bool = False
    """Whether a body may go to this endpoint without a seal."""
    ca_file: Path | None = None
    """PEM file of the roots to trust instead of the built-in ones."""
    proxy: str | None = None
    """`socks5h://HOST:PORT`, `http://HOST:PORT` or `https://HOST:PORT`."""

    def require_endpoint(self) -> str:
        """Return the endpoint's address.

        Raises:
            ConfigError: none was chosen; the hint says how to choose one.
        """
        if self.endpoint is None:
            raise ConfigError(
                _p("error", "No service was chosen, and none is built in. Nothing was sent."),
                hint=_p(
                    "error",
                    "Name one with --endpoint ADDRESS, with the variable HASHCLIENT_ENDPOINT, or as 'endpoint' in the settings file.",
                ),
            )
        return self.endpoint


def default_path(environ: Mapping[str, str]) -> Path:
    """Return the path of the settings file: `hashclient/config.toml` where this system keeps settings."""
    home = environ.get("XDG_CONFIG_HOME") or environ.get("APPDATA")
    return Path(home or "~/.config").expanduser() / "hashclient" / "config.toml"


def load_settings(
    *, flags: Mapping[str, object], environ: Mapping[str, str], parse: Callable[[str], object], path: Path | None = None
) -> Settings:
    """Read the settings.

    Args:
        flags: by the names of `Settings`; None means not given. `endpoint` is an address or the name
            of an endpoint of the file.
        environ: the environment; only the names of `ENVIRONMENT` and the home of settings count.
        parse: reads an address, so that all its spellings are equal (`transport.address.parse_origin`).
        path: the settings file; None reads the one at `default_path`, if there is one.

    Raises:
        ConfigError: a file that was named is missing, a key is unknown, a value or an address has the wrong form, two
            endpoints have one address, or the environment has the old name of `HASHCLIENT_KEYS`.
    """
    if _RENAMED in environ:
        raise ConfigError(
            _p(
                "error",
                "The variable {old} is not used any more: it is called HASHCLIENT_KEYS and names the keys to trust. "
                "A PIN never belongs in the environment, where other programs can read it. Nothing was sent.",
            ).format(old=_RENAMED),
            hint=_p(
                "error", "Remove {old} from the environment; if it names keys, use HASHCLIENT_KEYS instead."
            ).format(old=_RENAMED),
        )
    untrusted_file = _read_settings(path, required=True) if path else _read_usual(environ)
    _check_keys(untrusted_file, _OF_THE_FILE)
    named = {name: _endpoint(table) for name, table in untrusted_file.pop("endpoints", {}).items()}
    given: dict[str, Any] = {setting: environ[name] for name, setting in ENVIRONMENT.items() if environ.get(name)}
    given |= {setting: value for setting, value in flags.items() if value is not None}
    chosen = _of_chosen(named, given.get("endpoint", untrusted_file.get("endpoint")), parse)
    return _settings({**untrusted_file, **chosen, **given, "endpoint": chosen["endpoint"]})


def _of_chosen(named: Mapping[str, dict[str, Any]], wanted: Any, parse: Callable[[str], object]) -> dict[str, Any]:
    """Return what the file says of the chosen endpoint, found by its name or by its address, however it is spelled."""
    by_address = {parse(table["endpoint"]): table for table in named.values()}
    if len(by_address) < len(named):
        raise ConfigError(_p("error", "Two endpoints in the settings file have the same address. Nothing was sent."))
    if wanted is None or wanted in named:
        return named.get(wanted, {"endpoint": None})
    return by_address.get(parse(wanted), {"endpoint": wanted})


def _endpoint(untrusted_table: object) -> dict[str, Any]:
    """Check one table of `[endpoints]`."""
    if not isinstance(untrusted_table, dict):
        raise ConfigError(_p("error", "In the settings file, 'endpoints' does not hold tables. Nothing was sent."))
    _check_keys(untrusted_table, {"origin": str, **_OF_AN_ENDPOINT})
    if "origin" not in untrusted_table:
        raise ConfigError(_p("error", "An endpoint in the settings file has no 'origin'. Nothing was sent."))
    return {"endpoint" if key == "origin" else key: value for key, value in untrusted_table.items()}


def _check_keys(untrusted_table: Mapping[str, object], known: Mapping[str, type]) -> None:
    for key, value in untrusted_table.items():
        shown = key if _SHOWABLE.fullmatch(key) else "?"
        if key not in known:
            raise ConfigError(
                _p("error", "The settings file has an unknown key, '{key}'. Nothing was sent.").format(key=shown)
            )
        if type(value) is not known[key]:
            wrong = _p("error", "The key '{key}' in the settings file has a value of the wrong type. Nothing was sent.")
            raise ConfigError(wrong.format(key=shown))


def _read_usual(environ: Mapping[str, str]) -> dict[str, Any]:
    """Read the file at its usual place; where the system knows no home, there is none."""
    try:
        return _read_settings(default_path(environ), required=False)
    except RuntimeError:
        return {}


def _read_settings(path: Path, *, required: bool) -> dict[str, Any]:
    """Read the file; a missing one means no settings, unless it was named."""
    try:
        if not required and not path.exists():
            return {}
        if not path.is_file():
            raise ConfigError(_p("error", "The settings file does not exist, or is not a file. Nothing was sent."))
        with path.open("rb") as file:
            untrusted = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        raise ConfigError(_p("error", "The settings file could not be read. Nothing was sent.")) from None
    if len(untrusted) > MAX_FILE_BYTES:
        raise ConfigError(_p("error", "The settings file is too long. Nothing was sent."))
    import tomllib

    try:
        return tomllib.loads(untrusted.decode())
    except (ValueError, RecursionError):
        raise ConfigError(_p("error", "The settings file is not valid TOML. Nothing was sent.")) from None


def _settings(layers: Mapping[str, Any]) -> Settings:
    """Build the frozen object from checked values."""
    unknown = layers.keys() - {field.name for field in fields(Settings)}
    if unknown:
        raise ConfigError(_p("error", "A setting is unknown. Nothing was sent."))
    ca_file = layers.get("ca_file")
    return Settings(
        endpoint=layers.get("endpoint"),
        trusted_keys=_keys(layers["trusted_keys"]) if "trusted_keys" in layers else (),
        allow_plain=layers.get("allow_plain") is True,
        ca_file=Path(os.path.expanduser(ca_file)) if ca_file else None,  # noqa: PTH111  # that of `Path` can raise
        proxy=layers.get("proxy"),
    )


def _keys(untrusted: object) -> tuple[str, ...]:
    """Read trusted keys: a list, or one text with commas between; blanks within check digits do not count."""
    keys = untrusted.split(",") if isinstance(untrusted, str) else list(untrusted)  # type: ignore[call-overload]
    cleaned = tuple(re.sub(r"\s", "", key).lower() if isinstance(key, str) else "" for key in keys)
    if not cleaned or not all(map(_KEY.fullmatch, cleaned)):  # naming no key would trust any
        raise ConfigError(
            _p("error", "A trusted key is not written correctly. Nothing was sent."),
            hint=_p("error", "Name a key by its id (16 characters, 0-9 and a-f) or its check digits (25 digits)."),
        )
    return cleaned

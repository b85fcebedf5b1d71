"""Keys in a folder of their own, and what is sealed with them.

Names are sealed with their workshop's own key. The keys lie outside the database and its
backup, so destroying one key (and its copy) is the deletion of the names, in old backups too.
"""

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.adapters.randomness import random_bytes

_NONCE_BYTES = 12
_KEY_BYTES = 32


class KeyMissing(Exception):
    """The key was destroyed, or never made: what it sealed cannot be read again."""


class KeyDiffers(Exception):
    """Another key of that name is in use: one of the two seals what the other cannot read."""


class KeyFolder:
    """A 0700 folder of 0600 key files, mirrored into a backup folder of its own."""

    def __init__(self, folder: Path, backup: Path | None = None) -> None:
        self._folder = folder
        self._backup = backup

    def get_or_make(self, name: str) -> bytes:
        """The 256-bit key of that name, made when there never was one.

        Raises KeyMissing for a key that was destroyed: destroyed is for ever.
        """
        path = self._folder / f"{_checked(name)}.key"
        if self.is_destroyed(name):
            raise KeyMissing(name)
        if not path.exists():
            self._make(path)
        return path.read_bytes()

    def require(self, name: str) -> bytes:
        """The key of that name; raises KeyMissing."""
        try:
            return (self._folder / f"{_checked(name)}.key").read_bytes()
        except FileNotFoundError as error:
            raise KeyMissing(name) from error

    def put(self, name: str, key: bytes) -> None:
        """Keep a key that was made elsewhere; one that is known already stays as it is.

        Raises KeyMissing for a key that was destroyed here.
        """
        if self.is_destroyed(name):
            raise KeyMissing(name)
        path = self._folder / f"{_checked(name)}.key"
        if not path.exists():
            self._keep(path, key)

    def has(self, name: str) -> bool:
        """Whether the key still exists."""
        return (self._folder / f"{_checked(name)}.key").exists()

    def destroy(self, name: str) -> None:
        """Remove the key and its copy; what it sealed is gone from then on."""
        for folder in (self._folder, self._backup):
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                (folder / f"{_checked(name)}.destroyed").touch(mode=0o600)
                (folder / f"{_checked(name)}.key").unlink(missing_ok=True)

    def is_destroyed(self, name: str) -> bool:
        """Whether the key was destroyed, here or in the backup that was put back."""
        places = [folder for folder in (self._folder, self._backup) if folder is not None]
        return any((folder / f"{_checked(name)}.destroyed").exists() for folder in places)

    def beside(self, name: str) -> tuple[Path, ...]:
        """Where a file of that name lies with the keys, and where its copy does."""
        return tuple(folder / name for folder in (self._folder, self._backup) if folder)

    def names(self) -> list[str]:
        """The names of all keys that exist, in order."""
        return sorted(path.stem for path in self._folder.glob("*.key"))

    def destroyed(self) -> list[str]:
        """The names of all keys that were destroyed here or in the backup, in order."""
        places = [folder for folder in (self._folder, self._backup) if folder is not None]
        return sorted({path.stem for folder in places for path in folder.glob("*.destroyed")})

    def put_back(self, name: str, key: bytes) -> bool:
        """Keep a key from a backup again, unless it was destroyed; whether it is here now.

        Raises KeyDiffers where another key of that name is in use.
        """
        path = self._folder / f"{_checked(name)}.key"
        if self.is_destroyed(name):
            return False
        if path.exists() and path.read_bytes() != key:
            raise KeyDiffers(name)
        for folder in (self._folder, self._backup):
            if folder is not None and not (folder / path.name).exists():
                _write_private(folder / path.name, key)
        return True

    def derived(self, label: str) -> bytes:
        """A key for one purpose, derived from the service's own key."""
        return hmac.new(self.get_or_make("service"), label.encode(), hashlib.sha256).digest()

    def _make(self, path: Path) -> None:
        self._keep(path, random_bytes(_KEY_BYTES))

    def _keep(self, path: Path, key: bytes) -> None:
        _write_private(path, key)
        kept = path.read_bytes()  # another process may have been first
        if self._backup is not None:
            _write_private(self._backup / path.name, kept)


def _checked(name: str) -> str:
    if not name or not name.replace("-", "").isalnum() or not name.isascii():
        raise ValueError(f"not a key name: {name!r}")
    return name


def _write_private(path: Path, content: bytes) -> None:
    """Write once, whole: a temporary file linked into place, so that no reader sees half a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing = path.with_name(f".{path.name}.{random_bytes(4).hex()}")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(passing, path)
    except FileExistsError:
        pass
    finally:
        passing.unlink()


def seal(key: bytes, content: bytes, *, context: str) -> bytes:
    """AES-256-GCM; the context (what it is, whose it is) is bound to it."""
    nonce = random_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, content, context.encode())


def unseal(key: bytes, sealed: bytes, *, context: str) -> bytes:
    """What was sealed under the same key and context; raises KeyMissing when they do not fit."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise KeyMissing(context) from error


def keyed_digest(key: bytes, *parts: str) -> str:
    """HMAC-SHA-256 over the parts, as hexadecimal; parts cannot run into one another."""
    joined = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.new(key, joined, hashlib.sha256).hexdigest()


def digest(secret: str) -> str:
    """SHA-256 of a secret that is itself random and long, as hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_equal(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())

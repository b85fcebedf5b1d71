"""What the machine, the settings and the database look like before a workshop: one line each.

Each check says what is, and the way out where it is not well. A fault means that something will not
work; a warning, that it will hurt some day.
"""

import difflib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from app.accounts import service as accounts
from app.adapters.db import Engine, get_revision, sqlite_file
from app.adapters.disk import Room, free_bytes, is_same_disk, room_for, total_bytes
from app.adapters.listening import get_private_address, is_loopback, is_private
from app.adapters.migrating import head_revision
from app.adapters.pdf import render
from app.adapters.reaching import answers, is_ip, resolve
from app.adapters.sealing import KeyFolder
from app.settings import Settings
from app.upkeep.backups import read_last
from app.upkeep.counting import check_or_rebuild
from app.upkeep.redoing import OpenUnit

_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # nobody ran this program before
_BACKUP_DAYS = 2
_MEGABYTE = 1 << 20


class State(StrEnum):
    """How it is."""

    OK = "OK"
    WARNING = "WARNING"
    FAULT = "FAULT"


@dataclass(frozen=True)
class Finding:
    """One line: what was looked at, how it is, and what to do."""

    state: State
    subject: str
    says: str
    way_out: str = ""


@dataclass(frozen=True)
class Patient:
    """What the checks look at."""

    settings: Settings
    engine: Engine
    open_unit: OpenUnit
    now: datetime
    environment: dict[str, str]


_Check = Callable[[Patient], Iterator[Finding]]


def examine(patient: Patient) -> list[Finding]:
    """Every check, in order; one that cannot be done is a fault of its own."""
    found: list[Finding] = []
    for subject, check in CHECKS.items():
        try:
            found += list(check(patient)) or [Finding(State.OK, subject, "nothing to say")]
        except Exception as error:
            found.append(
                Finding(
                    State.FAULT, subject, f"cannot be looked at ({type(error).__name__})",
                    "Mend what stands above first, then run doctor again.",
                )
            )  # fmt: skip
    return found


def say(found: list[Finding]) -> Iterator[str]:
    """The lines as they are printed: state, subject, what is; below it the way out."""
    for each in found:
        yield f"{each.state:<8} {each.subject:<9} {each.says}"
        if each.way_out:
            yield f"{'':<18} -> {each.way_out}"


def _settings(patient: Patient) -> Iterator[Finding]:
    known = {f"TAFAWUT_{name}".upper() for name in Settings.model_fields}
    said = [name for name in patient.environment if name.startswith("TAFAWUT_")]
    strange = [name for name in said if name not in known and "_TEST_" not in name]
    for name in sorted(strange):
        like = difflib.get_close_matches(name, known, 1)
        way_out = f"Did you mean {like[0]}?" if like else "See app/guides/settings.md."
        yield Finding(State.WARNING, "settings", f"{name} is no setting", way_out)
    settings = patient.settings
    is_tls = settings.base_url.startswith("https://")
    if settings.is_https and not is_tls:
        yield Finding(
            State.FAULT, "settings", f"the mode is https, and the address is {settings.base_url}",
            "Set TAFAWUT_BASE_URL=https://…: browsers drop the cookies otherwise.",
        )  # fmt: skip
    if not settings.is_https and is_tls:
        yield Finding(
            State.FAULT, "settings", "the address is https, and the mode is lan",
            "Set TAFAWUT_MODE=https, or staff can sign in on this computer alone.",
        )  # fmt: skip
    if not strange and settings.is_https == is_tls:
        yield Finding(State.OK, "settings", f"{len(said)} set, mode {settings.mode}")


def _disk(patient: Patient) -> Iterator[Finding]:
    folder = patient.settings.data_dir
    free, total = free_bytes(folder), total_bytes(folder)
    says = f"{free // _MEGABYTE} MB free of {total // _MEGABYTE} MB, at {folder}"
    room = room_for(free, total)
    if room is Room.OK:
        yield Finding(State.OK, "disk", says)
    else:
        state = State.FAULT if room is Room.FULL else State.WARNING
        yield Finding(state, "disk", says, "Make room: old files in backups/, other programs.")
    probe = folder / ".passing-doctor"
    probe.write_bytes(b"x")
    probe.unlink()
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding(
            State.WARNING, "disk", f"others on this computer may look into {folder}",
            f"chmod 700 {folder}",
        )  # fmt: skip


def _clock(patient: Patient) -> Iterator[Finding]:
    now = patient.now
    if now < _FIRST_DAY:
        yield Finding(
            State.FAULT, "clock", f"it says {now:%Y-%m-%d %H:%M} UTC, which is over",
            "Set the computer's date: tests would close at once, or never.",
        )  # fmt: skip
        return
    with patient.open_unit(False) as work:
        last = accounts.find_last_time(work)
    if last is not None and last > now + timedelta(minutes=2):
        yield Finding(
            State.FAULT, "clock", f"it says {now:%Y-%m-%d %H:%M} UTC, and something was done at "
            f"{last:%Y-%m-%d %H:%M}", "The clock went back, or was wrong then. Set it by a phone.",
        )  # fmt: skip
        return
    yield Finding(State.OK, "clock", f"{now:%Y-%m-%d %H:%M} UTC; compare it with a phone")


def _schema(patient: Patient) -> Iterator[Finding]:
    found = get_revision(patient.engine)
    if found != head_revision():
        yield Finding(
            State.FAULT, "schema", f"{found or 'nothing'}, wanted {head_revision()}",
            "Run the command: migrate.",
        )  # fmt: skip
        return
    file = sqlite_file(patient.settings.database)
    if file is not None:
        with closing(sqlite3.connect(file)) as connection:
            faults = connection.execute("PRAGMA quick_check(1)").fetchall()
            orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
        if faults != [("ok",)] or orphans:
            yield Finding(
                State.FAULT, "schema", "the database's file is damaged",
                "Stop the service and restore the newest backup (running.md).",
            )  # fmt: skip
            return
    yield Finding(State.OK, "schema", f"{found}, {patient.engine.dialect.name}")


def _keys(patient: Patient) -> Iterator[Finding]:
    settings = patient.settings
    keys, copies = KeyFolder(settings.keys), KeyFolder(settings.key_backup)
    missing = sorted(set(keys.names()) - set(copies.names()))
    if missing:
        yield Finding(
            State.WARNING, "keys", f"without a copy: {', '.join(missing[:3])} ({len(missing)})",
            f"cp -n {settings.keys}/*.key {settings.key_backup}/",
        )  # fmt: skip
    if is_same_disk(settings.keys, settings.key_backup):
        yield Finding(
            State.WARNING, "keys", "the keys and their copy lie on one disk",
            "Set TAFAWUT_KEY_BACKUP_DIR to another medium, or run backup --keys onto one.",
        )  # fmt: skip
    elif not missing:
        yield Finding(State.OK, "keys", f"{len(keys.names())}, each with its copy")


def _backup(patient: Patient) -> Iterator[Finding]:
    last = read_last(patient.settings)
    way_out = "python -m app backup FOLDER --to age1… (running.md), best by a timer every night."
    if last is None:
        yield Finding(State.WARNING, "backup", "none was ever made here", way_out)
        return
    made_at = datetime.fromisoformat(last["made_at"])
    says = f"{last['rows']} rows at {made_at:%Y-%m-%d %H:%M} UTC, {last['file']}"
    is_old = patient.now - made_at > timedelta(days=_BACKUP_DAYS)
    yield Finding(State.WARNING if is_old else State.OK, "backup", says, way_out if is_old else "")


def _sums(patient: Patient) -> Iterator[Finding]:
    with patient.open_unit(False) as work:
        found = check_or_rebuild(work, rebuilds=False)
    count = len(found.sums.differences) + found.sums.more + len(found.released.differences)
    if count:
        yield Finding(
            State.FAULT, "sums", f"{count} numbers differ from the answers",
            "python -m app rollups check names them; rollups rebuild sets the sums right.",
        )  # fmt: skip
    else:
        yield Finding(State.OK, "sums", f"{found.sums.rooms} rooms counted afresh: the same")


def _fonts(patient: Patient) -> Iterator[Finding]:
    facts = {"latin": "Tafawut 123", "urdu": "تفاوت"}
    made = render("doctor", facts, made_at=patient.now)
    if not all(font in made for font in (b"Nastaliq", b"Naskh", b"NotoSans")):
        yield Finding(
            State.FAULT, "fonts", "Urdu cannot be printed",
            "Install the program again: files of app/fonts are missing.",
        )  # fmt: skip
        return
    yield Finding(State.OK, "fonts", "Urdu and Latin print as PDF")


def _phones(patient: Patient) -> Iterator[Finding]:
    """From here it can be seen whether somebody listens, never what a router or a firewall does."""
    parts = urlsplit(patient.settings.base_url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = get_private_address()
    addresses = [host] if is_ip(host) else resolve(host)
    if not addresses:
        yield Finding(
            State.FAULT, "phones", f"no computer is called {host}",
            "Correct TAFAWUT_BASE_URL, or enter the name at whoever keeps your names (DNS).",
        )  # fmt: skip
        return
    if all(is_loopback(each) for each in addresses):
        way_out = (
            f"For a room: python -m app serve --lan, here http://{address}:8000"
            if address else "Join the room's Wi-Fi first, then: python -m app serve --lan"
        )  # fmt: skip
        yield Finding(State.WARNING, "phones", f"{host} is this computer alone", way_out)
        return
    here = [each for each in addresses if is_private(each)]
    if not patient.settings.is_https and here and address not in here:
        yield Finding(
            State.FAULT, "phones", f"the address is {host}, and this computer is at {address}",
            "Give it its old address in the router, or print the cards again (serve --lan).",
        )  # fmt: skip
        return
    if here and not answers(here[0], port):
        yield Finding(
            State.WARNING, "phones", f"nobody listens at {host}:{port} now",
            "Start the service, then run doctor again beside it.",
        )  # fmt: skip
        return
    says = f"{host}:{port} answers from here" if here else f"{host} is not in this network"
    yield Finding(
        State.OK, "phones", says,
        f"Try it on a phone, mobile data off: {patient.settings.base_url.rstrip('/')}/healthz "
        "must show ok. If not: the computer's firewall, or the router keeps devices apart.",
    )  # fmt: skip


CHECKS: dict[str, _Check] = {
    "settings": _settings,
    "disk": _disk,
    "schema": _schema,
    "clock": _clock,
    "keys": _keys,
    "backup": _backup,
    "sums": _sums,
    "fonts": _fonts,
    "phones": _phones,
}

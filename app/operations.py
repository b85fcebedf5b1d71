"""The admin's commands, from backup to doctor. Thin: each says what was done."""

import argparse
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from app.adapters.clock import SystemClock
from app.adapters.migrating import head_revision
from app.main import build_house, end_late_hours, settle_once, tidy_once
from app.settings import Settings
from app.upkeep import carrying
from app.upkeep.addresses import Stop
from app.upkeep.backups import back_up_database, back_up_keys, write_key
from app.upkeep.counting import say_rollups
from app.upkeep.doctor import Patient, State, examine, say
from app.upkeep.erasures import BESIDE
from app.upkeep.redoing import Redone
from app.upkeep.restoring import Restored, restore
from app.upkeep.schema import require_schema
from app.web.house import House

Run: TypeAlias = Callable[[argparse.Namespace, Settings], int]
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
_KEEP_DAYS = 35  # the privacy notice promises that erased answers are gone from backups by then


def run_backup_key(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Make the key that opens backups, in a file to be kept apart from this machine."""
    public = write_key(chosen.file)
    print(public)
    print(
        f"{chosen.file} opens every backup made for {public}. Keep it on another medium, twice; "
        "without it no backup can be opened, and nobody can help.",
        file=sys.stderr,
    )
    return 0


def run_backup(chosen: argparse.Namespace, settings: Settings) -> int:
    """Back up the database (or the keys) while the service runs; it is restored once to be sure."""
    if not chosen.to:
        raise Stop("Say for whose key: --to age1… The command backup-key makes one.")
    now = SystemClock().now()
    if chosen.keys:
        made = back_up_keys(settings, chosen.place, to=chosen.to, now=now)
        print(made.path)
        print(f"Keys: {made.rows}. Opened again and compared: the same.", file=sys.stderr)
        return 0
    made = back_up_database(
        settings, chosen.place, to=chosen.to, now=now, keep_days=chosen.keep_days
    )
    print(made.path)
    print(
        f"Tables: {made.tables}. Rows: {made.rows}. Bytes: {made.bytes}. "
        f"Restored once and compared: the same. Old ones removed: {len(made.removed)}.",
        file=sys.stderr,
    )
    return 0


def run_restore(chosen: argparse.Namespace, settings: Settings) -> int:
    """Put a backup back; nothing that is there is overwritten unless --replace says so."""
    try:
        private = chosen.key.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(f"{chosen.key} cannot be read. Name the file that backup-key made.") from error
    found = restore(
        settings,
        chosen.file,
        private,
        now=SystemClock().now(),
        replaces=chosen.replace,
        only_checks=chosen.check,
    )
    _say_restored(found, is_check=chosen.check)
    return 0


def run_tidy(chosen: argparse.Namespace, settings: Settings) -> int:
    """End what is over: names, keys, answers, old copies; compare the sums. Safe to repeat."""
    house = build_house(settings)
    require_schema(house.engine)
    settled = settle_once(house)
    done = tidy_once(house, checks_sums=not chosen.quick)
    print(
        f"Endings: {settled}. Names ended: {len(done.names_ended)}. "
        f"Keys destroyed again: {len(done.keys_ended)}. "
        f"Workshops whose answers ended: {len(done.answers_ended)}. "
        f"Lines of the log: {done.log_lines_ended}. Sign-ins: {done.sign_ins_ended}. "
        f"Files removed: {len(done.files_removed)}. Erased again: {done.redone.count}. "
        f"Failed: {done.failed + done.redone.failed}."
    )
    if done.counted is not None:
        say_rollups(done.counted)
    if not done.is_well:
        print(
            "Not everything is well. What failed is in the log lines above; sums that differ: "
            "rollups rebuild sets them right.",
            file=sys.stderr,
        )
    return 0 if done.is_well else 1


def run_doctor(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Look at settings, disk, schema, clock, keys, backup, sums, fonts and the way to phones."""
    house = build_house(settings)
    found = examine(
        Patient(
            settings=settings,
            engine=house.engine,
            open_unit=lambda writes: house.unit(writes=writes),
            now=house.clock.now(),
            environment=dict(os.environ),
        )
    )
    for line in say(found):
        print(line)
    return 1 if any(each.state is State.FAULT for each in found) else 0


def _say_restored(found: Restored, *, is_check: bool) -> None:
    what = f"{found.rows} keys" if found.kind == "keys" else f"{found.rows} rows"
    done = "can be restored; nothing was changed" if is_check else "restored and counted: the same"
    print(f"{what} of {found.made_at}: {done}.")
    if found.aside:
        print(f"What was there before: {found.aside}")
    for name, (then, now) in found.changed_settings.items():
        print(f"TAFAWUT_{name.upper()} was {then} then, and is {now} now.")
    if not found.has_journal:
        print(
            f"No {BESIDE} lies beside the backup: what was erased since is known only as far as "
            "this computer knows it."
        )
    if is_check:
        return
    if found.kind != "keys" and found.revision != head_revision():
        print("It has an older schema. Run the command: migrate.")
    if found.ended:
        print(f"Destroyed keys stay destroyed: {len(found.ended)}.")
    say_redone(found.redone)
    print("Before anybody comes: python -m app tidy, then python -m app doctor.")


def say_redone(redone: Redone) -> None:
    """One line where something was erased again, one where it waits."""
    if redone.count or redone.failed:
        print(
            f"Erased again: {redone.persons} people, names of {redone.names} workshops, "
            f"{redone.wiped} wiped workshops. Failed: {redone.failed}."
        )
    if redone.waiting:
        print(
            f"Erasures to look at once schema and keys are here: {redone.waiting}. "
            "migrate and tidy do it."
        )


def run_workshop(chosen: argparse.Namespace, settings: Settings) -> int:
    """Carry a workshop in a file: export, import, wipe."""
    house = build_house(settings)
    require_schema(house.engine)
    here = carrying.Here(
        lambda writes: house.unit(writes=writes),
        house.keys,
        settings.outside_threshold,
        partial(end_late_hours, house),
    )
    carrying.run(chosen, here)
    return 0


def ready_house(settings: Settings) -> House:
    """The house over a database of this version; stops where it is of another."""
    house = build_house(settings)
    require_schema(house.engine)
    return house


def add_commands(commands: Commands) -> None:
    """Their options."""
    key = add_command(commands, "backup-key", run_backup_key)
    key.add_argument("file", type=Path, help="a new file, best on a medium of its own")
    backup = add_command(commands, "backup", run_backup)
    backup.add_argument("place", type=Path, help="a folder, or a file that ends in .age")
    backup.add_argument("--to", default="", help="the public half that backup-key printed: age1…")
    backup.add_argument("--keys", action="store_true", help="the keys instead of the database")
    backup.add_argument(
        "--keep-days", type=int, default=_KEEP_DAYS, help="older backups in that folder go"
    )
    ending = add_command(commands, "tidy", run_tidy)
    ending.add_argument("--quick", action="store_true", help="do not count the sums afresh")
    add_command(commands, "doctor", run_doctor)
    carrying.add_options(add_command(commands, "workshop", run_workshop))
    back = add_command(commands, "restore", run_restore)
    back.add_argument("file", type=Path)
    back.add_argument("--key", type=Path, required=True, help="the file that backup-key made")
    back.add_argument("--replace", action="store_true", help="move aside what is there")
    back.add_argument("--check", action="store_true", help="only try; nothing is changed")


def add_command(commands: Commands, name: str, run: Run) -> argparse.ArgumentParser:
    """One command of the command line; its help is what its docstring says."""
    one = commands.add_parser(name, help=run.__doc__)
    one.set_defaults(command=run)
    return one

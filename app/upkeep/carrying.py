"""`workshop export|import|wipe`: a workshop carried from the laptop of a room to where reports are.

What is asked, what is printed and where files lie; `workshop_files` does the rest.
"""

import argparse
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.adapters.db import Work
from app.adapters.sealing import KeyFolder
from app.upkeep import workshop_files
from app.upkeep.addresses import Stop
from app.upkeep.announcing import say_before_wiping, say_exported, say_imported, say_wiped
from app.upkeep.sealed_files import FileRefused, open_file, seal_file

SIGNING_KEY = "workshop-files-signing"


@dataclass(frozen=True)
class Here:
    """This database: its transactions, its keys, from how many people groups are told, and how the
    late hours of a workshop are ended before their time.
    """

    open_unit: Callable[[bool], AbstractContextManager[Work]]
    keys: KeyFolder
    threshold: int
    end_late_hours: Callable[[str], None]


def add_options(workshop: argparse.ArgumentParser) -> None:
    """Add what the commands can be told."""
    verbs = workshop.add_subparsers(required=True, dest="verb")
    out = verbs.add_parser("export", help="one workshop into one encrypted, signed file")
    out.add_argument("workshop_id", help="it stands in the address of the room's page")
    out.add_argument("--to", type=Path, required=True, help="the file; it must not exist")
    out.add_argument("--names", action="store_true", help="with names and certificates")
    out.add_argument("--no-more-answers", action="store_true", help="end the late hours now")
    into = verbs.add_parser("import", help="a workshop's file into this database")
    into.add_argument("file", type=Path)
    into.add_argument("--owner", required=True, help="whose workshop it is here: a sign-in name")
    into.add_argument("--programme", help="its programme here, where it has another name")
    into.add_argument("--other-organisation", action="store_true", help="the owner's is meant")
    away = verbs.add_parser("wipe", help="people and answers off this computer, after the export")
    away.add_argument("file", type=Path, help="the file that was exported")
    away.add_argument("--yes", action="store_true", help="do not ask")
    for each in (into, away):
        each.add_argument("--code", help="asked for when it is not said")


def run(chosen: argparse.Namespace, here: Here) -> None:
    """Do what was chosen; Stop says why it was not done, and then nothing was changed."""
    verb = {"export": _export, "import": _import, "wipe": _wipe}[chosen.verb]
    try:
        verb(chosen, here)
    except FileRefused as refused:
        raise Stop(str(refused)) from refused


def _export(chosen: argparse.Namespace, here: Here) -> None:
    if chosen.to.exists():
        raise Stop(f"{chosen.to} is there already. Choose another name.")
    if chosen.no_more_answers:
        here.end_late_hours(chosen.workshop_id)
    with here.open_unit(True) as work:
        content = workshop_files.write_document(
            work, chosen.workshop_id, with_names=chosen.names, threshold=here.threshold
        )
        file, code = seal_file(here.keys.get_or_make(SIGNING_KEY), content)
        _write_private(chosen.to, file)
    say_exported(chosen.to, code)


def _import(chosen: argparse.Namespace, here: Here) -> None:
    document = _document(chosen)
    with here.open_unit(True) as work:
        told = workshop_files.bring_in(
            work,
            document,
            owner=_owner(work, chosen.owner),
            programme=chosen.programme,
            is_other_organisation=chosen.other_organisation,
            threshold=here.threshold,
        )
    say_imported(told)


def _wipe(chosen: argparse.Namespace, here: Here) -> None:
    document = _document(chosen)
    told = workshop_files.tell(document)
    if not chosen.yes:
        say_before_wiping(told)
        if input("All people of this workshop will be gone here for ever. Type yes: ") != "yes":
            raise Stop("Nothing was changed.")
    with here.open_unit(True) as work:
        workshop = workshop_files.wipe(work, document)
    say_wiped(workshop.title)


def _document(chosen: argparse.Namespace) -> dict[str, object]:
    try:
        file = chosen.file.read_bytes()
    except OSError as error:
        raise Stop(f"{chosen.file} cannot be read. Check the name and the stick.") from error
    code = chosen.code or input("The code that the export printed: ")
    return workshop_files.read_document(open_file(file, code))


def _owner(work: Work, login: str) -> StaffPerson:
    owner = accounts.get_staff_by_login(work, login)
    if owner is None or owner.role is not Role.TRAINER:
        raise Stop(f"No trainer signs in as {login} here. See the admin's page for the names.")
    return owner


def _write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, and for this account alone."""
    passing = path.with_name(f".{path.name}.part")
    handle = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    passing.rename(path)

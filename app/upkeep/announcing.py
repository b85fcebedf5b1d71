"""What the command line says while it works and when it is ready."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from app.adapters.qr import qr_terminal, wifi_text
from app.settings import Settings
from app.upkeep.workshop_files import Summary


def show_progress(number: int, total: int, place: str) -> None:
    """How far the seeding is, on one line."""
    bar = "#" * (number * 20 // total)
    print(f"\r[{bar:<20}] {number}/{total} {place:<12}", end="", file=sys.stderr, flush=True)
    if number == total:
        print(file=sys.stderr)


def say_ready(ready: dict[str, str], *, as_json: bool) -> None:
    """Where the service is, and the first admin's way in."""
    if as_json:
        print(json.dumps(ready), flush=True)
        return
    print(f"Serving at {ready['base_url']}", flush=True)
    if "first_run_url" in ready:
        print(f"First admin, open once within 30 minutes: {ready['first_run_url']}", flush=True)


def say_lan(settings: Settings, stranded: list[str]) -> None:
    """What a room needs on its wall: a square for the network, one for the test, and a warning."""
    name, address = settings.wifi_name, settings.base_url
    if name:
        print(f"1. Wi-Fi {name}:\n{qr_terminal(wifi_text(name, settings.wifi_password))}")
    print(f"{'2. ' if name else ''}The test, {address}:\n{qr_terminal(address)}", flush=True)
    print(
        "Plain http, for this room only. Staff sign in on this computer. "
        "A phone that says 'no internet': stay connected, mobile data off.",
        flush=True,
    )
    for sentence in stranded:
        print(f"WARNING: {sentence}", file=sys.stderr, flush=True)


def say_demo_ready(places: dict[str, object], *, as_json: bool) -> None:
    """Who can go where; with `as_json` one line for a program."""
    if as_json:
        print(json.dumps(places), flush=True)
        return
    cards = places["cards"]
    first = cards[0]["url"] if isinstance(cards, list) and cards else "(every card is taken)"
    print(
        "\nSynthetic. No scores were published, and for the five workshops of 2019 no tests "
        "are reported.\n"
        f"  Participant, with a card:  {first}\n"
        f"  Participant, with a code:  {places['join_url']}\n"
        f"  Trainer:                   {places['trainer_url']}\n"
        f"  Evaluator:                 {places['evaluator_url']}\n"
        f"  Admin:                     {places['admin_url']}\n"
        f"  A certificate to check:    {places['certificate_url']}\n"
        f"  API:                       {places['base_url']}/docs\n"
        "Stop with Ctrl-C. Start again: what was answered is kept (--fresh throws it away).",
        flush=True,
    )


def say_reports(written: Sequence[Path], left_out: Sequence[str]) -> None:
    """The files, one a line for programs too; how many, and what was left out."""
    for path in written:
        print(path)
    print(f"Files: {len(written)}.", file=sys.stderr)
    for sentence in left_out:
        print(f"Not written: {sentence}", file=sys.stderr)


def say_exported(path: Path, code: str) -> None:
    """A workshop's file was written; the code is printed once."""
    print(f"File: {path}")
    print(f"Code: {code}")
    print("Send the code by another way than the file. Without it nobody can open the file.")


def say_imported(told: Summary) -> None:
    """What came in from a workshop's file."""
    if told.is_known:
        print(f"{told.title} is here already. Nothing was changed.")
        return
    names = "with names" if told.has_names else "without names"
    print(f"{told.title}: {told.people} people, {told.tests} tests, {names}.")


def say_before_wiping(told: Summary) -> None:
    """What a file holds, before the same is wiped here."""
    print(f"{told.title}: {told.people} people and {told.tests} tests are in the file.")
    if not told.has_names:
        print("Their names and certificates are not: here the names end, and stand nowhere then.")
    print("Wipe only after the import has worked and the file has been copied elsewhere.")


def say_wiped(title: str) -> None:
    """What is gone."""
    print(f"{title}: its people and their answers are not on this computer any more.")

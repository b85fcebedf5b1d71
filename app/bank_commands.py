"""The commands of question banks and of the forms that are made of them. Thin, as all commands."""

import argparse
import sys
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.schemas import Role, StaffPerson
from app.adapters.clock import SystemClock
from app.adapters.db import Work
from app.banks import corrections, life
from app.banks.checking import check_banks
from app.banks.schemas import ReviewKind
from app.banks.service import publish_banks, sign_form
from app.operations import Commands, add_command, ready_house
from app.settings import Settings
from app.upkeep.addresses import Stop
from app.upkeep.rescoring import rescore_due


def run_banks_check(chosen: argparse.Namespace, settings: Settings) -> int:
    """Say what is wrong with the banks, and what to look at, each with file and line."""
    checked = check_banks(chosen.folder or settings.banks, SystemClock().now().date())
    for line in checked.lines:
        print(line)
    return 1 if checked.problems else 0


def run_banks_publish(chosen: argparse.Namespace, settings: Settings) -> int:
    """Publish every form; the same content is published once."""
    house = ready_house(settings)
    with house.unit(writes=True) as work:
        forms = publish_banks(work, chosen.folder or settings.banks)
    for form in forms:
        note = "" if form.is_reviewed() else "  not yet reviewed by a lawyer / by a native reader"
        print(f"{form.form_ref} v{form.version}  {form.content_hash[:12]}{note}", file=sys.stderr)
    return 0


def run_banks_sign(chosen: argparse.Namespace, settings: Settings) -> int:
    """Record that a person has reviewed the newest version of a form."""
    with ready_house(settings).unit(writes=True) as work:
        form = life.find_form(work, chosen.form)
        signed = sign_form(
            work,
            form,
            kind=ReviewKind(chosen.kind),
            language=chosen.language,
            reviewer=chosen.reviewer,
        )
    state = "fully reviewed" if signed.is_reviewed() else "some signatures are still missing"
    print(f"{signed.form_ref} v{signed.version}: {state}")
    return 0


def run_banks_diff(chosen: argparse.Namespace, settings: Settings) -> int:
    """Say what has changed between two published versions of a form, by default the newest two."""
    with ready_house(settings).unit(writes=False) as work:
        for line in life.describe_changes(work, chosen.form, chosen.since, chosen.to):
            print(line)
    return 0


def run_form_retire(chosen: argparse.Namespace, settings: Settings) -> int:
    """Offer a form to trainers no more; tests that have it go on."""
    with ready_house(settings).unit(writes=True) as work:
        form = life.find_form(work, chosen.form, chosen.version)
        life.retire_form(work, form, reason=chosen.reason, by=_admin(work, chosen.by))
    print(f"{form.form_ref} v{form.version} is offered no more.")
    return 0


def run_form_offer(chosen: argparse.Namespace, settings: Settings) -> int:
    """Offer a retired form again."""
    with ready_house(settings).unit(writes=True) as work:
        form = life.find_form(work, chosen.form, chosen.version)
        life.offer_form(work, form, by=_admin(work, chosen.by))
    print(f"{form.form_ref} v{form.version} is offered again.")
    return 0


def run_form_correct(chosen: argparse.Namespace, settings: Settings) -> int:
    """Correct the key of a question, or withdraw it; every stored answer is scored anew."""
    house = ready_house(settings)
    keys = [] if chosen.withdraw else chosen.keys
    with house.unit(writes=False) as work:
        form = life.find_form(work, chosen.form, chosen.version)
        for line in corrections.describe(work, form, chosen.item, keys):
            print(line, file=sys.stderr)
    if not chosen.yes:
        answer = input("It cannot be taken back, only corrected again. Type yes: ")
        if answer.strip().lower() != "yes":
            raise Stop("Nothing was changed.")
    with house.unit(writes=True) as work:
        made = corrections.correct_form(
            work, form, item=chosen.item, keys=keys, reason=chosen.reason,
            by=_admin(work, chosen.by),
        )  # fmt: skip
    count = rescore_due(lambda writes: house.unit(writes=writes))
    print(
        f"{made.form_ref} v{made.version} is offered in its place. Workshops scored anew: {count}."
    )
    return 0


def add_commands(banks: argparse.ArgumentParser) -> None:
    """Their options."""
    verbs = banks.add_subparsers(required=True)
    for name, verb in (("check", run_banks_check), ("publish", run_banks_publish)):
        add_command(verbs, name, verb).add_argument("--folder", type=Path)
    diff = add_command(verbs, "diff", run_banks_diff)
    diff.add_argument("form")
    diff.add_argument("--since", type=int, help="the older version; else the one before")
    diff.add_argument("--to", type=int, help="the newer version; else the newest")
    _add_form_life(verbs)
    sign = add_command(verbs, "sign", run_banks_sign)
    sign.add_argument("form")
    sign.add_argument("--kind", choices=[kind.value for kind in ReviewKind], required=True)
    sign.add_argument("--language", default="")
    sign.add_argument("--reviewer", required=True)


def _add_form_life(verbs: Commands) -> None:
    for name, run in (
        ("retire", run_form_retire), ("offer", run_form_offer), ("correct", run_form_correct),
    ):  # fmt: skip
        one = add_command(verbs, name, run)
        one.add_argument("form")
        one.add_argument("--version", type=int, help="else the newest")
        one.add_argument("--by", required=True, help="the sign-in name of an admin")
        if name != "offer":
            one.add_argument("--reason", required=True, help="it stands in the audit log")
        if name == "correct":
            one.add_argument("--item", required=True, help="the number of the question")
            what = one.add_mutually_exclusive_group(required=True)
            what.add_argument("--keys", nargs="+", help="right letters, of rows such as 1a 2c")
            what.add_argument("--withdraw", action="store_true", help="it counts no more")
            one.add_argument("--yes", action="store_true", help="do not ask")


def _admin(work: Work, login: str) -> StaffPerson:
    """Who answers for it in the audit log, as on the page."""
    person = accounts.get_staff_by_login(work, login)
    if person is None or person.is_disabled or person.role is not Role.ADMIN:
        raise Stop(f"No admin signs in as {login}.")
    return person

"""The command line: demo, serve, migrate, seed, banks, token, verify. Thin: it calls the rooms."""

import argparse
import socket
import sys
from collections.abc import Callable
from contextlib import nullcontext

from app import bank_commands
from app.accounts.schemas import Role, TokenScope
from app.adapters.alone import AlreadyServed, serving_alone
from app.adapters.db import get_revision, sqlite_file
from app.adapters.logs import set_up_logs
from app.adapters.memory import settle_memory
from app.adapters.sealing import KeyFolder
from app.main import CALLBACKS, build_house, create_app, redo_once, settle_once
from app.operations import Commands, Run, add_command, add_commands, ready_house, say_redone
from app.settings import Settings
from app.upkeep import analysing, reporting, setup, verifying
from app.upkeep import demo as demonstration
from app.upkeep.addresses import (
    HERE,
    Stop,
    listen_or_stop,
    require_private,
    room_address,
    with_address,
)
from app.upkeep.announcing import say_demo_ready, say_lan, say_ready, show_progress
from app.upkeep.counting import check_or_rebuild, count_once, say_rollups
from app.upkeep.failing import EXPECTED, sentence_of
from app.upkeep.moved import find_stranded_cards
from app.upkeep.schema import migrate
from app.web.house import House
from app.web.pooled import report_files, terms_of, wording_of
from app.web.urls import card_url, join_url, one_time_url


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every expected failure is a sentence, not a traceback."""
    chosen = _parser().parse_args(arguments)
    set_up_logs(is_quiet=True)
    try:
        command: Run = chosen.command
        return command(chosen, Settings())
    except EXPECTED as error:
        print(sentence_of(error), file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def run_migrate(chosen: argparse.Namespace, settings: Settings) -> int:
    """Back up, then bring the schema to this version (or down, if asked)."""
    try:
        path = migrate(
            settings,
            build_house(settings).clock.now(),
            to=chosen.to,
            drops_rows=chosen.drop_data,
            has_backup=chosen.have_backup,
        )
    except Exception as error:
        if type(error).__name__ == "WouldDropRows":
            raise Stop(str(error)) from error
        raise
    if path is not None:
        print(f"Backup: {path}", file=sys.stderr)
    if chosen.to == "head":
        house = ready_house(settings)
        with house.unit(writes=True) as work:
            count_once(work)
        say_redone(redo_once(house))
    print("The database is ready.", file=sys.stderr)
    return 0


def run_seed(_chosen: argparse.Namespace, settings: Settings) -> int:
    """Seed the demonstration; what is there already is kept."""
    house = ready_house(settings)
    demonstration.seed_demo(lambda: house.unit(writes=True), CALLBACKS, show_progress)
    settle_once(house)  # its workshops are over: their reports are there when the first one looks
    return 0


def run_serve(chosen: argparse.Namespace, settings: Settings) -> int:
    """Serve; on the first run a one-time link for the first admin is printed."""
    listening = listen_or_stop(_host_of(chosen), chosen.port)
    known = with_address(settings, listening)
    require_private(known, listening)
    house = ready_house(known)
    with house.unit(writes=True) as work:
        token = setup.first_run_token(work)
        stranded = find_stranded_cards(work, known.base_url)
    ready = {"base_url": known.base_url}
    if token is not None:
        ready["first_run_url"] = one_time_url(house, token)

    def say() -> None:
        say_ready(ready, as_json=chosen.json)
        if chosen.lan and not chosen.json:
            say_lan(known, stranded)

    return _serve(known, listening, say)


def run_demo(chosen: argparse.Namespace, settings: Settings) -> int:
    """migrate, banks publish, seed and serve, on synthetic people."""
    listening = listen_or_stop(_host_of(chosen), chosen.port)  # a taken port throws nothing away
    require_private(settings, listening)
    _require_demo_database(settings)
    if chosen.fresh:
        demonstration.start_over(settings, is_sure=chosen.yes)
    known = with_address(settings, listening).model_copy(update={"is_demo": True})
    nothing = argparse.Namespace(folder=None, to="head", drop_data=False, have_backup=False)
    run_migrate(nothing, known)
    bank_commands.run_banks_publish(nothing, known)
    run_seed(nothing, known)
    house = ready_house(known)
    with house.unit(writes=True) as work:
        places = _demo_places(house, demonstration.read_places(work))
        stranded = find_stranded_cards(work, known.base_url)

    def say() -> None:
        say_demo_ready(places, as_json=chosen.json)
        if chosen.lan and not chosen.json:
            say_lan(known, stranded)

    return _serve(known, listening, say)


def run_token(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print a bearer token for a staff member; it is shown once."""
    with ready_house(settings).unit(writes=True) as work:
        if not setup.is_known(work, chosen.login):
            raise Stop(f"Nobody signs in as {chosen.login}. See the admin's page for the names.")
        scope = TokenScope(chosen.scope)
        token = setup.make_token(work, login=chosen.login, label=chosen.label, scope=scope)
    print(token)
    return 0


def run_invite(chosen: argparse.Namespace, settings: Settings) -> int:
    """Print a one-time link: for somebody new, or for somebody who forgot the password."""
    house = ready_house(settings)
    with house.unit(writes=True) as work:
        if not chosen.role and not setup.is_known(work, chosen.login):
            raise Stop(f"Nobody signs in as {chosen.login}. For somebody new, say --role.")
        token = setup.invite(
            work,
            login=chosen.login,
            role=Role(chosen.role) if chosen.role else None,
            display_name=chosen.name,
            organisation=chosen.organisation,
        )
        if chosen.end_second_step:
            setup.end_second_step(work, chosen.login)
    print(one_time_url(house, token))
    return 0


def run_rollups(chosen: argparse.Namespace, settings: Settings) -> int:
    """Compare running sums and released tables with their sources; rebuild sets the sums right."""
    rebuilds = chosen.act == "rebuild"
    with ready_house(settings).unit(writes=True) as work:
        found = check_or_rebuild(work, rebuilds=rebuilds)
    say_rollups(found)
    return 0 if found.is_true else 1


def run_forget_names(chosen: argparse.Namespace, settings: Settings) -> int:
    """Destroy the key of a workshop's names: nobody can read them from then on."""
    house = ready_house(settings)
    if not chosen.yes:
        answer = input("The names of this workshop will be gone for ever. Type yes: ")
        if answer.strip().lower() != "yes":
            raise Stop("Nothing was changed.")
    with house.unit(writes=True) as work:
        workshop = setup.forget_names(work, chosen.workshop_id)
    print(f"The names of {workshop.title} cannot be read any more.")
    return 0


def run_analyse(chosen: argparse.Namespace, _settings: Settings) -> int:
    """Compute the gains of a table of one's own: participant, pre, post."""
    print(analysing.answer(chosen), end="")
    return 0


def run_report(chosen: argparse.Namespace, settings: Settings) -> int:
    """Write the reports over several workshops of a period into a folder."""
    house = ready_house(settings)
    settle_once(house)  # as the service would by now
    printer = reporting.Printer(wording_of(house, chosen.language), terms_of(house), report_files())
    reporting.write_reports(chosen, lambda writes: house.unit(writes=writes), printer)
    return 0


def run_verify(chosen: argparse.Namespace, settings: Settings) -> int:
    """Check a certificate's file or square without a network: is it signed?"""
    said = verifying.answer(chosen, KeyFolder(settings.keys, settings.key_backup))
    print(said.text, end="")
    return 0 if said.is_signed else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="Tafawut")
    commands = parser.add_subparsers(required=True)
    bank_commands.add_commands(commands.add_parser("banks", help="question banks and their forms"))
    _add_staff(commands)
    add_commands(commands)
    analysing.add_options(add_command(commands, "analyse", run_analyse))
    reporting.add_options(add_command(commands, "report", run_report))
    verifying.add_options(add_command(commands, "verify", run_verify))
    move = add_command(commands, "migrate", run_migrate)
    move.add_argument("--to", default="head")
    move.add_argument("--drop-data", action="store_true")
    move.add_argument("--have-backup", action="store_true")
    add_command(commands, "seed", run_seed)
    add_command(commands, "rollups", run_rollups).add_argument("act", choices=("check", "rebuild"))
    for name, serving in (("serve", run_serve), ("demo", run_demo)):
        one = add_command(commands, name, serving)
        one.add_argument("--host", help=f"{HERE} when nothing is said")
        one.add_argument("--port", type=int, default=8000, help="0 picks a free one")
        one.add_argument("--json", action="store_true", help="one JSON line when ready")
        one.add_argument("--lan", action="store_true", help="for the phones of one room")
        if name == "demo":
            one.add_argument("--fresh", action="store_true", help="throw the demo's answers away")
            one.add_argument("--yes", action="store_true", help="with --fresh: do not ask")
    return parser


def _add_staff(commands: Commands) -> None:
    token = add_command(commands, "token", run_token)
    token.add_argument("login")
    token.add_argument("--label", default="command line")
    token.add_argument("--scope", choices=[scope.value for scope in TokenScope], default="write")
    invite = add_command(commands, "invite", run_invite)
    invite.add_argument("login")
    invite.add_argument("--role", choices=[role.value for role in Role])
    invite.add_argument("--name", default="")
    invite.add_argument("--organisation", default="")
    invite.add_argument("--end-second-step", action="store_true", help="phone and list are lost")
    forget = add_command(commands, "forget-names", run_forget_names)
    forget.add_argument("workshop_id", help="it stands in the address of the room's page")
    forget.add_argument("--yes", action="store_true", help="do not ask")


def _host_of(chosen: argparse.Namespace) -> str:
    return str(chosen.host or (room_address() if chosen.lan else HERE))


def _serve(settings: Settings, listening: socket.socket, on_ready: Callable[[], None]) -> int:
    import uvicorn

    class Announcing(uvicorn.Server):
        """A server that says when it is ready."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                settle_memory()
                on_ready()

    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,  # addresses hold join codes; a log must not
        timeout_keep_alive=75,  # a new connection costs a phone on 2G three round trips
        timeout_graceful_shutdown=2,
        server_header=False,
        proxy_headers=settings.is_https,  # in a room the connection itself says who is there
    )
    server = Announcing(config)
    file = sqlite_file(settings.database)
    try:
        with serving_alone(file) if file else nullcontext():
            server.run(sockets=[listening])
    except AlreadyServed as error:
        raise Stop(str(error)) from error
    return 0 if server.started else 1


def _require_demo_database(settings: Settings) -> None:
    """The demonstration never mixes with real people: its database is empty or its own."""
    if settings.key_dir or settings.key_backup_dir or settings.database_url:
        raise Stop(
            "The demo keeps everything in TAFAWUT_DATA_DIR. "
            "Unset TAFAWUT_DATABASE_URL, TAFAWUT_KEY_DIR and TAFAWUT_KEY_BACKUP_DIR first."
        )
    house = build_house(settings)
    if get_revision(house.engine) is not None:
        with house.unit(writes=False) as work:
            if not demonstration.is_empty_or_demo(work):
                raise Stop(
                    f"{settings.data_dir} holds real workshops. "
                    "Give the demo a folder of its own: TAFAWUT_DATA_DIR=demo-data"
                )
    house.engine.dispose()


def _demo_places(house: House, places: demonstration.DemoPlaces) -> dict[str, object]:
    base_url = house.settings.base_url.rstrip("/")
    return {
        "base_url": base_url,
        "trainer_url": one_time_url(house, places.trainer_token),
        "evaluator_url": one_time_url(house, places.evaluator_token),
        "admin_url": one_time_url(house, places.admin_token),
        "workshop_id": places.workshop.id,
        "join_code": places.workshop.join_code,
        "join_url": join_url(house, places.workshop),
        "cards": [
            {
                "number": each.card.number,
                "token": each.token,
                "url": card_url(house, places.workshop, each.card.number, each.token),
            }
            for each in places.free_cards
        ],
        "certificate_url": f"{base_url}/v/{places.certificate_number}",
    }


if __name__ == "__main__":
    sys.exit(main())

"""How Alembic reaches the database.

On SQLite foreign keys are off while the schema changes: a table that is rebuilt would otherwise
take its children's rows with it, without an error. Afterwards every row must still be there.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, Engine, event, inspect, text

from app.adapters.db import is_sqlite, make_engine
from app.settings import Settings
from app.tables import metadata


class RowsLost(Exception):
    """The migration changed the number of rows of a table it should have kept."""


def database_url() -> str:
    """The address handed in by the caller, or the settings' own."""
    return str(context.config.attributes.get("database_url") or Settings().database)


def migrating_engine(url: str) -> Engine:
    """The service's engine, but with SQLite's foreign keys off."""
    engine = make_engine(url)
    if is_sqlite(url):
        event.listen(engine, "connect", _foreign_keys_off)
    return engine


def _foreign_keys_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def count_rows(connection: Connection) -> dict[str, int]:
    """The number of rows of each table."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    return {
        name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608
        for name in names
    }


def run() -> None:
    """Migrate inside one transaction, and compare the rows before and after."""
    url = database_url()
    engine = migrating_engine(url)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            before = count_rows(connection)
            context.configure(
                connection=connection,
                target_metadata=metadata,
                render_as_batch=True,
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            compare_rows(before, count_rows(connection))
            if is_sqlite(url):
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RowsLost(f"rows without their parent after the migration: {broken[:5]}")
    finally:
        engine.dispose()


def compare_rows(before: dict[str, int], after: dict[str, int]) -> None:
    """Every table that both schemas have must have kept its rows."""
    lost = [name for name, count in before.items() if name in after and after[name] != count]
    if lost:
        raise RowsLost(f"the migration changed the number of rows in: {', '.join(lost)}")


if context.is_offline_mode():
    context.configure(url=database_url(), target_metadata=metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    run()

"""Downgrades that would throw answers away refuse, unless --drop-data was said."""

import sqlalchemy as sa
from alembic import context, op


class WouldDropRows(Exception):
    """A downgrade would drop what people have entered."""


def drop_table(name: str) -> None:
    """Drop a table that is empty, or any table when --drop-data was said."""
    _refuse_if_any(name, f"SELECT count(*) FROM {name}")  # noqa: S608  our own table names
    op.drop_table(name)


def drop_column(table: str, column: str) -> None:
    """Drop a column that nobody filled, or any column when --drop-data was said."""
    _refuse_if_any(
        f"{table}.{column}",
        f"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL",  # noqa: S608
    )
    with op.batch_alter_table(table) as batch:
        batch.drop_column(column)


def fill_empty(table: str, column: str, value: str, *, on_sqlite: str = "") -> None:
    """Write a value of SQL where there is none: an older schema may ask for one."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    told = on_sqlite if is_sqlite and on_sqlite else value
    op.execute(f"UPDATE {table} SET {column} = {told} WHERE {column} IS NULL")  # noqa: S608


def may_drop() -> bool:
    """Whether --drop-data was said, by `python -m app migrate` or `alembic -x drop-data`."""
    said = context.get_x_argument(as_dictionary=True)
    return bool(context.config.attributes.get("drop_data")) or "drop-data" in said


def _refuse_if_any(what: str, query: str) -> None:
    count = op.get_bind().execute(sa.text(query)).scalar_one()
    if count and not may_drop():
        raise WouldDropRows(
            f"{what} holds {count} filled rows. Going down would drop them. "
            "Say --drop-data if that is what you want (python -m app migrate --to … --drop-data)."
        )

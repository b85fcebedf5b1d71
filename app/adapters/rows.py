"""The base of every stored row: one metadata, and one way to name constraints."""

from sqlalchemy import BigInteger, MetaData
from sqlmodel import SQLModel


class StoredRow(SQLModel):
    """Tables inherit from this; constraint names must not depend on the database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


__all__ = ["BigInteger", "StoredRow"]

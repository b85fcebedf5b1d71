"""What the command line says when a command cannot be done: one sentence, never a traceback."""

import sqlite3

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from app.adapters.alone import AlreadyServed
from app.adapters.copying import PostgresError
from app.adapters.migrating import BackupImpossible, RevisionUnknown
from app.core.errors import Refusal
from app.upkeep.addresses import Stop

EXPECTED = (
    Stop,
    AlreadyServed,
    Refusal,
    RevisionUnknown,
    BackupImpossible,
    ValidationError,
    SQLAlchemyError,
    PostgresError,
    sqlite3.DatabaseError,
    OSError,
    ImportError,
)


def sentence_of(error: Exception) -> str:
    """What went wrong and the way out; `error` is one of EXPECTED."""
    if isinstance(error, Stop | AlreadyServed):
        return str(error)
    if isinstance(error, Refusal):
        return f"{error.says_with_facts()} {error.way_out}"
    if isinstance(error, RevisionUnknown):
        return f"No schema revision is called {error}. Check the spelling."
    if isinstance(error, BackupImpossible):
        return f"No backup was made: {error}. Say --have-backup if you have one."
    if isinstance(error, ValidationError):
        wrong = ", ".join(f"TAFAWUT_{str(each['loc'][0]).upper()}" for each in error.errors())
        return f"These settings cannot work: {wrong}. See app/guides/settings.md."
    return (
        f"The database cannot be used ({type(error).__name__}). "
        "Check TAFAWUT_DATABASE_URL or TAFAWUT_DATA_DIR, the disk and the permissions."
    )

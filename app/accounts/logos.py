"""An organisation's logos, as certificates print them.

A logo that is taken away stays for the certificates that were issued with it: they are drawn
again byte for byte.
"""

from collections.abc import Sequence

from app.accounts import logo_queries as queries
from app.accounts.schemas import LogoRecord, StaffPerson
from app.accounts.service import record_event
from app.accounts.tables import Logo
from app.adapters.db import Work
from app.adapters.pictures import PictureRefused, draw_small_apart
from app.adapters.randomness import new_id
from app.core.errors import LogoRefused, NotFound
from app.core.text import clean_line

MOST_LOGOS = 3
LONGEST_WORDS = 120


def draw_logo(content: bytes) -> bytes:
    """The picture as it is kept; raises LogoRefused. Takes a second: not inside a transaction."""
    try:
        return draw_small_apart(content)
    except PictureRefused as refused:
        raise LogoRefused(field="file", reason=refused.reason) from refused


def add_logo(work: Work, *, by: StaffPerson, drawn: bytes, words: str) -> LogoRecord:
    """Keep a drawn logo; `words` are read aloud in its place. Raises ValueRefused, LogoRefused."""
    said = clean_line(words, max_length=LONGEST_WORDS, field="words")
    if len(find_logos(work, by.organisation_id)) >= MOST_LOGOS:
        raise LogoRefused(field="file", reason="pictures_enough")
    row = Logo(
        id=new_id(),
        organisation_id=by.organisation_id,
        words=said,
        content=drawn,
        created_at=work.now,
    )
    work.db.add(row)
    work.db.flush()
    record_event(work, by=by, verb="add_logo", object_kind="logo", object_id=row.id)
    return queries.logo_record(row)


def find_logos(work: Work, organisation_id: str) -> list[LogoRecord]:
    """The logos that new certificates get, the oldest first."""
    return queries.find_logos(work.db, organisation_id)


def require_logo(work: Work, organisation_id: str, logo_id: str) -> LogoRecord:
    """One logo of the organisation that stands; raises NotFound."""
    for each in find_logos(work, organisation_id):
        if each.id == logo_id:
            return each
    raise NotFound()


def read_logos(work: Work, logo_ids: Sequence[str]) -> list[LogoRecord]:
    """These logos in this order, those taken away too; a workshop's file leaves them behind."""
    if not logo_ids:
        return []
    known = {each.id: each for each in queries.find_logos_by_id(work.db, logo_ids)}
    return [known[each] for each in logo_ids if each in known]


def remove_logo(work: Work, logo_id: str, *, by: StaffPerson) -> None:
    """New certificates go without it; one that is taken away changes nothing. Raises NotFound."""
    row = queries.get_logo_row(work.db, by.organisation_id, logo_id)
    if row is None:
        raise NotFound()
    if row.removed_at is not None:
        return
    row.removed_at = work.now
    work.db.add(row)
    record_event(work, by=by, verb="remove_logo", object_kind="logo", object_id=row.id)

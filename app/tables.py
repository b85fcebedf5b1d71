"""Gathers every room's tables, so that migrations see one metadata."""

from app.accounts import tables as accounts
from app.adapters.rows import StoredRow
from app.banks import tables as banks
from app.certificates import tables as certificates
from app.feedback import tables as feedback
from app.gains import tables as gains
from app.participants import tables as participants
from app.reports import tables as reports
from app.sittings import tables as sittings
from app.workshops import tables as workshops

ROOMS = (accounts, banks, workshops, participants, sittings, feedback, gains, certificates, reports)
metadata = StoredRow.metadata

"""Values of the certificates room."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CertificateStatus(StrEnum):
    """Whether a certificate stands."""

    ISSUED = "issued"
    REVOKED = "revoked"


class NameMatch(StrEnum):
    """What is told of a typed name."""

    NOT_ASKED = "not_asked"
    MATCH = "match"
    NO_MATCH = "no_match"


@dataclass(frozen=True)
class CertificateRecord:
    """A certificate as anybody may see it: no name, no mark, nobody's number."""

    id: str
    number: str
    workshop_id: str
    edition: int
    status: CertificateStatus
    workshop_title: str
    place: str
    starts_on: date
    ends_on: date
    days_attended: int
    days_held: int
    is_specimen: bool
    issued_at: datetime
    changed_at: datetime


@dataclass(frozen=True)
class Verification:
    """The answer to anyone who checks a number; `certificate` is None when there is none."""

    number: str
    certificate: CertificateRecord | None
    name_match: NameMatch


@dataclass(frozen=True)
class HolderLine:
    """One card on the trainer's certificates page."""

    card_number: str
    days_attended: int
    is_enough: bool
    name_local: str
    name_latin: str
    is_name_confirmed: bool
    certificate: CertificateRecord | None

    @property
    def is_ready(self) -> bool:
        """Whether a certificate can be issued now."""
        return self.is_enough and self.is_name_confirmed and self.certificate is None

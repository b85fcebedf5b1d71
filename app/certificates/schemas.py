"""Values of the certificates room."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.accounts.schemas import LogoRecord
from app.core.proofs import PaperFacts
from app.participants.schemas import HolderName


class CertificateStatus(StrEnum):
    """Whether a certificate stands."""

    ISSUED = "issued"
    REVOKED = "revoked"


class VerificationStatus(StrEnum):
    """What a verifier is told first."""

    GENUINE = "genuine"
    REVOKED = "revoked"
    REPLACED = "replaced"
    NOT_FOUND = "not_found"


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
    organisation_name: str
    languages: tuple[str, ...]
    workshop_title: str
    place: str
    starts_on: date
    ends_on: date
    days_attended: int
    days_held: int
    hours: int | None
    logos: tuple[str, ...]
    is_specimen: bool
    issued_at: datetime
    edition_at: datetime
    changed_at: datetime
    has_name: bool


@dataclass(frozen=True)
class Verification:
    """The answer to anyone who checks a number; `certificate` is None when there is none.

    `asked_edition` is the paper's own, as its square says; None where a number was typed.
    """

    number: str
    certificate: CertificateRecord | None
    name_match: NameMatch
    asked_edition: int | None = None

    @property
    def status(self) -> VerificationStatus:
        """Revoked before replaced: what does not stand at all is said first."""
        found, asked = self.certificate, self.asked_edition
        if found is None:
            return VerificationStatus.NOT_FOUND
        if found.status is CertificateStatus.REVOKED:
            return VerificationStatus.REVOKED
        is_older = asked is not None and asked < found.edition
        return VerificationStatus.REPLACED if is_older else VerificationStatus.GENUINE


@dataclass(frozen=True)
class CertificateDeed:
    """One act in a certificate's life, for the workshop's own trainers."""

    happened_at: datetime
    verb: str
    edition: int
    staff_name: str
    reason: str


@dataclass(frozen=True)
class SaidName:
    """A name that a trainer gives in a holder's place, and why the holder could not."""

    local: str
    latin: str
    reason: str


@dataclass(frozen=True)
class Issued:
    """How many are new, and how many more are ready."""

    issued: int
    left: int


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


@dataclass(frozen=True)
class Paper:
    """All that a certificate's page needs; `proof` is what its square has signed."""

    record: CertificateRecord
    name: HolderName
    proof: str
    logos: tuple[LogoRecord, ...] = ()


class ProofState(StrEnum):
    """What can be said of a square without asking the register."""

    SIGNED = "signed"
    ALTERED = "altered"
    UNKNOWN_KEY = "unknown_key"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class ProofCheck:
    """The answer of a check without a network; whether it was revoked since is not in it."""

    state: ProofState
    facts: PaperFacts | None
    name_match: NameMatch

"""Values of the participants room."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.adapters.db import Work

OnProfiled = Callable[[Work, str], None]
"""Called with the id of a participant whose profile has come or changed."""


class Sex(StrEnum):
    """As the person said."""

    WOMAN = "woman"
    MAN = "man"
    PREFER_NOT_TO_SAY = "prefer_not_to_say"


class AgencyType(StrEnum):
    """The kind of agency, never the station."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    IMMIGRATION = "immigration"
    SOCIAL_SERVICES = "social_services"
    NGO = "ngo"
    OTHER = "other"


class Years(StrEnum):
    """Years of work, in bands."""

    UP_TO_2 = "0-2"
    FROM_3 = "3-5"
    FROM_6 = "6-10"
    FROM_11 = "11+"


class OpenedWith(StrEnum):
    """What a phone showed to act for a card."""

    TOKEN = "token"  # noqa: S105  a kind of proof, not a secret
    NUMBER = "number"


class PassState(StrEnum):
    """Whether a phone may act for the card."""

    ADMITTED = "admitted"
    WAITING = "waiting"
    REVOKED = "revoked"


@dataclass(frozen=True)
class CardRecord:
    """A card of a workshop."""

    id: str
    workshop_id: str
    number: str
    edition: int


@dataclass(frozen=True)
class PrintedCard:
    """What a card sheet prints: the number, and the token its QR carries."""

    card: CardRecord
    token: str


@dataclass(frozen=True)
class ParticipantRecord:
    """A person under a card's number; never a name."""

    id: str
    workshop_id: str
    card_id: str
    language: str
    has_agreed: bool
    has_profile: bool


@dataclass(frozen=True)
class Profile:
    """What a participant says of the own work; each part may be left out."""

    sex: Sex | None = None
    agency_type: AgencyType | None = None
    province: str | None = None
    years: Years | None = None


@dataclass(frozen=True)
class OpenPass:
    """A phone that acts for a card, and what is known of its holder."""

    id: str
    card: CardRecord
    participant: ParticipantRecord | None
    state: PassState
    opened_with: OpenedWith
    language: str

    @property
    def has_agreed(self) -> bool:
        """Whether the holder agreed to take the test."""
        return self.participant is not None and self.participant.has_agreed


@dataclass(frozen=True)
class HolderName:
    """A name as its holder wants it on paper."""

    local: str
    latin: str
    is_confirmed: bool
    father: str = ""


@dataclass(frozen=True)
class CardLine:
    """One card as the trainer sees it: who came, on which days; never an answer."""

    card: CardRecord
    participant: ParticipantRecord | None
    days: frozenset[date]
    is_phone_waiting: bool
    has_phone: bool
    has_called: bool
    is_taken: bool


@dataclass(frozen=True)
class ListedCard:
    """A card that a list gave to a person: for cards, attendance and certificates; no answer."""

    card: CardRecord
    name: HolderName | None
    profile: Profile

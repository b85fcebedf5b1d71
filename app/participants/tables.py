"""Participants under a number, their cards and phones; the name in a table of its own."""

from datetime import date, datetime

from sqlmodel import CheckConstraint, Field, UniqueConstraint

from app.adapters.rows import StoredRow


class Card(StoredRow, table=True):
    """A printed card: four digits and a token, of which only the hash is kept."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("workshop_id", "number"),)
    id: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    number: str
    edition: int = 1
    token_hash: str = Field(unique=True)


class Participant(StoredRow, table=True):
    """A person in a workshop under a card's number, from the consent page on."""

    __tablename__ = "participants"
    __table_args__ = (
        CheckConstraint(
            "sex IS NULL OR sex IN ('woman', 'man', 'prefer_not_to_say')", name="participant_sex"
        ),
        CheckConstraint(
            "agency_type IS NULL OR agency_type IN "
            "('police', 'prosecution', 'immigration', 'social_services', 'ngo', 'other')",
            name="participant_agency_type",
        ),
        CheckConstraint(
            "years IS NULL OR years IN ('0-2', '3-5', '6-10', '11+')", name="participant_years"
        ),
    )
    id: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    card_id: str = Field(foreign_key="cards.id", unique=True)
    language: str
    has_agreed: bool
    consent_version: str
    answered_consent_at: datetime
    sex: str | None = None
    agency_type: str | None = None
    province: str | None = None
    years: str | None = None
    answered_profile_at: datetime | None = None


class PhonePass(StoredRow, table=True):
    """One phone (or program) that acts for a card; it holds the token, we its hash."""

    __tablename__ = "phone_passes"
    __table_args__ = (
        CheckConstraint("opened_with IN ('token', 'number')", name="phone_pass_opened_with"),
        CheckConstraint("state IN ('admitted', 'waiting', 'revoked')", name="phone_pass_state"),
    )
    id: str = Field(primary_key=True)
    card_id: str = Field(foreign_key="cards.id", index=True)
    token_hash: str = Field(unique=True)
    opened_with: str
    state: str
    language: str
    created_at: datetime


class Attendance(StoredRow, table=True):
    """A card's holder was there on that day, as the trainer ticked it."""

    __tablename__ = "attendance"
    card_id: str = Field(primary_key=True, foreign_key="cards.id")
    day: date = Field(primary_key=True)


class Identity(StoredRow, table=True):
    """A name, sealed with its workshop's key and found only with it; no column leads to a card."""

    __tablename__ = "identities"
    person_key: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id", index=True)
    sealed_name: bytes
    is_confirmed: bool = False


class ListedPerson(StoredRow, table=True):
    """A card that a list gave to a person, and what the list says of the work; never the name.

    `list_key` is a digest by the workshop's key: the same list adds nobody twice.
    """

    __tablename__ = "listed_people"
    __table_args__ = (
        UniqueConstraint("workshop_id", "list_key"),
        CheckConstraint(
            "sex IS NULL OR sex IN ('woman', 'man', 'prefer_not_to_say')", name="listed_person_sex"
        ),
        CheckConstraint(
            "agency_type IS NULL OR agency_type IN "
            "('police', 'prosecution', 'immigration', 'social_services', 'ngo', 'other')",
            name="listed_person_agency_type",
        ),
        CheckConstraint(
            "years IS NULL OR years IN ('0-2', '3-5', '6-10', '11+')", name="listed_person_years"
        ),
    )
    card_id: str = Field(primary_key=True, foreign_key="cards.id")
    workshop_id: str = Field(foreign_key="workshops.id")
    list_key: str
    sex: str | None = None
    agency_type: str | None = None
    province: str | None = None
    years: str | None = None


class TakenCard(StoredRow, table=True):
    """A card that was given out by a tap on a phone, because somebody came without one."""

    __tablename__ = "taken_cards"
    card_id: str = Field(primary_key=True, foreign_key="cards.id")
    taken_at: datetime


class TrainerCall(StoredRow, table=True):
    """A card's holder asks the trainer to come; the row goes when the trainer has been there."""

    __tablename__ = "trainer_calls"
    card_id: str = Field(primary_key=True, foreign_key="cards.id")
    called_at: datetime


class ErasedCard(StoredRow, table=True):
    """That what was kept under a card was erased; digests alone, so that nothing comes back.

    `number_key` is keyed: a workshop has a thousand numbers. `scored_at`: since when a test of the
    card counted in the room's sums, empty where none did.
    """

    __tablename__ = "erased_cards"
    __table_args__ = (UniqueConstraint("workshop_id", "number_key"),)
    card_hash: str = Field(primary_key=True)
    workshop_id: str = Field(foreign_key="workshops.id")
    token_hash: str = Field(unique=True)
    number_key: str
    scored_at: datetime | None = None
    erased_at: datetime

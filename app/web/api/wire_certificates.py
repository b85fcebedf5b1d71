"""Certificates on the wire: no name, no mark."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Self

from pydantic import Field

from app.certificates.schemas import CertificateRecord, ProofCheck, SaidName, Verification
from app.web.api.wire import Line, Sent, Told


class ToldCertificate(Told):
    """A certificate as anybody may see it: no name."""

    number: str
    edition: int
    status: str
    workshop_title: str
    place: str
    starts_on: date
    ends_on: date
    days_attended: int
    days_held: int
    hours: int | None = Field(description="Of the whole workshop, where it was said.")
    is_specimen: bool
    issued_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, record: CertificateRecord) -> Self:
        """From the register's own value."""
        fields = asdict(record)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldLogo(Told):
    """A logo that new certificates get."""

    id: str
    words: str = Field(examples=["Synthetic Academy"])


class ToldVerification(Told):
    """Genuine, revoked, replaced or not found; and match or no match of a typed name."""

    number: str
    status: str = Field(examples=["genuine"])
    name_match: str = Field(examples=["not_asked"])
    certificate: ToldCertificate | None

    @classmethod
    def of(cls, verification: Verification) -> Self:
        """From the register's own value."""
        found = verification.certificate
        return cls(
            number=verification.number,
            status=verification.status.value,
            name_match=verification.name_match.value,
            certificate=ToldCertificate.of(found) if found else None,
        )


class SentNameCheck(Sent):
    """The name on the paper."""

    name: str = Field(min_length=1, max_length=400)


class ToldHolder(Told):
    """What a card's holder still needs; no name: names stand in the files alone."""

    card_number: str
    days_attended: int
    is_enough: bool
    is_name_confirmed: bool
    certificate: ToldCertificate | None


class SentReason(Sent):
    """Why; it stays inside."""

    reason: Line


class SentCorrection(Sent):
    """A corrected name for a certificate, and why."""

    local: str = Field(default="", max_length=200)
    latin: str = Field(default="", max_length=200)
    reason: Line


class SentIssue(Sent):
    """The name of somebody who could not confirm it, and why; nothing where it was confirmed."""

    local: str = Field(default="", max_length=200)
    latin: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=200)

    def said(self) -> SaidName | None:
        """What a trainer says in a holder's place, if anything."""
        is_said = self.local or self.latin or self.reason
        return SaidName(self.local, self.latin, self.reason) if is_said else None


class ToldIssued(Told):
    """How many certificates are new, and how many people are ready and wait for the next call."""

    issued: int
    left: int


class ToldDeed(Told):
    """One act in a certificate's life; the reason stays inside."""

    happened_at: datetime
    verb: str
    edition: int
    staff_name: str
    reason: str


class SentSquare(Sent):
    """What a camera reads in a square, or what stands after # alone; and the name on the paper."""

    text: str = Field(min_length=1, max_length=2000)
    name: str = Field(default="", max_length=400)


class ToldSquare(Told):
    """What a square says; `signed` says nothing of whether it was revoked since."""

    state: str = Field(examples=["signed"])
    name_match: str = Field(examples=["not_asked"])
    number: str | None
    edition: int | None
    workshop_title: str | None
    place: str | None
    starts_on: date | None
    ends_on: date | None
    days_attended: int | None
    days_held: int | None
    is_specimen: bool | None

    @classmethod
    def of(cls, check: ProofCheck) -> Self:
        """From the check's own value."""
        facts = check.facts
        said: dict[str, Any] = dict.fromkeys(cls.model_fields)
        if facts is not None:
            said |= {name: getattr(facts, name) for name in said if hasattr(facts, name)}
            said["workshop_title"] = facts.title
        return cls(**said | {"state": check.state.value, "name_match": check.name_match.value})


class ToldSigningKey(Told):
    """What squares are signed with."""

    algorithm: str
    public_key: str = Field(description="32 bytes as hexadecimal")

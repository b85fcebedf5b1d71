"""Gains, reports and certificates on the wire: nobody's name, nobody's mark."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from pydantic import Field

from app.certificates.schemas import CertificateRecord, Verification
from app.gains.service import DetectableRise, GainSummary
from app.reports.schemas import GainReport
from app.web.api.wire import Line, Sent, Told
from app.web.api.wire_staff import ToldWorkshop


class ToldGain(Told):
    """A workshop's gain as this reader may see it; numbers have the printed digits."""

    workshop_id: str
    form_id: str
    shown: str
    as_of: datetime | None
    is_provisional: bool
    registered: int | None
    pre: int | None
    post: int | None
    paired: int | None
    late_beside: int
    max_points: Decimal | None
    mean_pre_points: Decimal | None
    mean_post_points: Decimal | None
    gain_points: Decimal | None
    gain_points_low: Decimal | None
    gain_points_high: Decimal | None
    mean_pre_percent: Decimal | None
    mean_post_percent: Decimal | None
    gain_pp: Decimal | None
    gain_pp_low: Decimal | None
    gain_pp_high: Decimal | None
    improved: int | None
    same: int | None
    declined: int | None
    reason: str | None
    interval_reason: str | None

    @classmethod
    def of(cls, gain: GainSummary) -> Self:
        """From the door's own value."""
        fields: dict[str, Any] = asdict(gain)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldDetectableRise(Told):
    """The smallest rise that so many pairs would show, and how much gains differ (`sd_pp`).

    `workshops`: how many earlier ones `sd_pp` is measured in; 0: it is assumed.
    """

    people: int
    rise_pp: Decimal | None
    sd_pp: Decimal
    workshops: int

    @classmethod
    def of(cls, rise: DetectableRise) -> Self:
        """From the door's own value."""
        return cls(**asdict(rise))


class ToldReportRow(Told):
    """One workshop and one form; never a person."""

    workshop: ToldWorkshop
    form: str
    form_version: int
    form_hash: str
    is_reviewed: bool
    gain: ToldGain


class ToldReport(Told):
    """The evaluator's rows."""

    organisation: str
    as_of: datetime
    threshold: int
    rows: list[ToldReportRow]

    @classmethod
    def of(cls, report: GainReport) -> Self:
        """From the room's own value."""
        return cls(
            organisation=report.organisation_name,
            as_of=report.as_of,
            threshold=report.threshold,
            rows=[
                ToldReportRow(
                    workshop=ToldWorkshop.of(row.workshop),
                    form=row.form.form_ref,
                    form_version=row.form.version,
                    form_hash=row.form.content_hash,
                    is_reviewed=row.form.is_reviewed(),
                    gain=ToldGain.of(row.gain),
                )
                for row in report.rows
            ],
        )


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
    is_specimen: bool
    issued_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, record: CertificateRecord) -> Self:
        """From the register's own value."""
        fields = asdict(record)
        return cls(**{name: fields[name] for name in cls.model_fields})


class ToldVerification(Told):
    """Genuine, revoked or unknown; and match or no match of a typed name."""

    number: str
    status: str = Field(examples=["genuine"])
    name_match: str = Field(examples=["not_asked"])
    certificate: ToldCertificate | None

    @classmethod
    def of(cls, verification: Verification) -> Self:
        """From the register's own value."""
        found = verification.certificate
        status = "not_found" if found is None else found.status.value.replace("issued", "genuine")
        return cls(
            number=verification.number,
            status=status,
            name_match=verification.name_match.value,
            certificate=ToldCertificate.of(found) if found else None,
        )


class SentNameCheck(Sent):
    """The name on the paper."""

    name: str = Field(min_length=1, max_length=400)


class ToldHolder(Told):
    """What a card's holder still needs; names only for the own trainer."""

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


class ToldIssued(Told):
    """How many certificates are new."""

    issued: int

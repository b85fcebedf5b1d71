"""A certificate on paper as a value, in up to two of the workshop's languages. Nothing is drawn.

It says what it certifies, how many days somebody was there, and never a mark.
"""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.schemas import LogoRecord
from app.adapters.i18n import day_text, days_text
from app.certificates.schemas import CertificateRecord, Paper
from app.core.languages import LANGUAGES, Calendar, split_drafts
from app.core.reasons import N_
from app.core.text import in_digits_of, is_urdu_written
from app.participants.printed import MOST_LANGUAGES, Sentence, Translate

_HEADING = N_("Certificate of participation")


@dataclass(frozen=True)
class Wording:
    """All that is said in one language."""

    language: str
    heading: str
    opening: str
    deed: str
    days: str
    attended: str
    hours: str
    issued: str
    caution: str
    trainer: str
    organisation: str
    check: str
    square_name: str
    specimen: str
    specimen_note: str


@dataclass(frozen=True)
class CertificateDocument:
    """One page. `url` is what its square carries, `address` what a person types instead."""

    number: str
    edition: int
    wordings: tuple[Wording, ...]
    other_calendar: Sentence | None
    name_local: str
    name_latin: str
    is_local_in_nastaliq: bool
    title: str
    place: str
    organisation: str
    logos: tuple[LogoRecord, ...]
    address: str
    url: str
    is_specimen: bool
    made_at: datetime


def build_document(
    paper: Paper, *, address: str, url: str, translate: Translate
) -> CertificateDocument:
    """The page of a certificate's present edition; the same paper gives the same value."""
    record = paper.record
    full, _ = split_drafts(list(record.languages))
    languages = languages_on_paper(full, translate)
    return CertificateDocument(
        number=record.number,
        edition=record.edition,
        wordings=tuple(_wording(record, each, translate) for each in languages),
        other_calendar=_other_calendar(record, languages),
        name_local=paper.name.local,
        name_latin=paper.name.latin,
        is_local_in_nastaliq="ur" in full and is_urdu_written(paper.name.local),
        title=record.workshop_title,
        place=record.place,
        organisation=record.organisation_name,
        logos=() if record.is_specimen else paper.logos,  # nobody stands for an invented workshop
        address=address,
        url=url,
        is_specimen=record.is_specimen,
        made_at=record.edition_at,
    )


def languages_on_paper(languages: tuple[str, ...], translate: Translate) -> tuple[str, ...]:
    """The first two that have the words of a certificate; English when none has."""
    able = [each for each in languages if each == "en" or translate(each, _HEADING) != _HEADING]
    return tuple(able[:MOST_LANGUAGES]) or ("en",)


def _wording(record: CertificateRecord, language: str, translate: Translate) -> Wording:
    def say(message: str, **facts: str) -> str:
        return translate(language, message) % facts if facts else translate(language, message)

    day = day_text(record.edition_at.date(), language)
    edition = in_digits_of(language, str(record.edition))
    return Wording(
        language=language,
        heading=say(_HEADING),
        opening=say(N_("This certifies that")),
        deed=say(N_("took part in the workshop")),
        days=days_text(record.starts_on, record.ends_on, language),
        attended=say(
            N_("Days attended: %(days)s of %(held)s"),
            days=in_digits_of(language, str(record.days_attended)),
            held=in_digits_of(language, str(record.days_held)),
        ),
        hours=say(
            N_("Hours of the whole workshop: %(hours)s"),
            hours=in_digits_of(language, str(record.hours)),
        )
        if record.hours
        else "",
        issued=say(N_("Edition %(number)s, of %(day)s. It replaces earlier papers."),
                   number=edition, day=day)
        if record.edition > 1
        else say(N_("Issued on %(day)s"), day=day),
        caution=say(N_("It says who was there. It states no mark.")),
        trainer=say(N_("Trainer")),
        organisation=say(N_("For the organisation")),
        check=say(N_("Check this paper at")),
        square_name=say(N_("Square to check this certificate; the address is beside it")),
        specimen=say(N_("SPECIMEN")),
        specimen_note=say(N_("A sample of an invented workshop. It certifies nothing.")),
    )  # fmt: skip


def _other_calendar(record: CertificateRecord, languages: tuple[str, ...]) -> Sentence | None:
    """The days by the other calendar that the workshop's readers use, where they use two."""
    for language in record.languages:
        known = LANGUAGES.get(language)
        if known is None or known.calendar is Calendar.GREGORIAN:
            continue
        shown = "en" if language in languages else language
        return Sentence(shown, days_text(record.starts_on, record.ends_on, shown))
    return None

"""What programs send and are told of lists of people."""

from typing import Annotated, Literal

from pydantic import Field

from app.core.roster_words import Column
from app.core.rosters import Answer, Decisions, ReadRow
from app.participants.rosters import Roster, SentList
from app.participants.schemas import ListedCard
from app.web.api.wire import Sent, Told
from app.web.lists import SentRow, sent_list

ColumnName = Literal["name", "father", "sex", "agency_type", "province", "years", "other"]


class SentPeople(Sent):
    """A list to take in; columns are guessed unless they are named."""

    rows: Annotated[list[SentRow], Field(max_length=515)]
    columns: list[ColumnName] | None = None
    above: Annotated[int, Field(ge=0, le=515)] = 0
    answers: dict[str, Literal["same", "two"]] = Field(default_factory=dict)
    left_out: list[int] = Field(default_factory=list, max_length=515)

    def listed(self) -> SentList:
        """The list as the service takes it; raises ListRefused."""
        columns = None if self.columns is None else tuple(Column(each) for each in self.columns)
        answers = {int(n): Answer(each) for n, each in self.answers.items() if n.isdecimal()}
        decisions = Decisions(answers, frozenset(self.left_out))
        return sent_list(self.rows, columns, self.above, decisions)


class ToldListedCard(Told):
    """A card that a list gave to a person; names stay on the trainer's page."""

    card_number: str
    sex: str | None
    agency_type: str | None
    province: str | None
    years: str | None

    @classmethod
    def of(cls, each: ListedCard) -> "ToldListedCard":
        """As the service knows it."""
        profile = each.profile
        return cls(
            card_number=each.card.number,
            sex=profile.sex,
            agency_type=profile.agency_type,
            province=profile.province,
            years=profile.years,
        )


class ToldRow(Told):
    """A row and what becomes of it: ready, present, like, same, left_out or faulty.

    `like` counts the people of a like name.
    """

    line: int
    verdict: str
    field: str | None
    reason: str
    like: int

    @classmethod
    def of(cls, row: ReadRow) -> "ToldRow":
        """As the core read it."""
        return cls(
            line=row.line,
            verdict=row.verdict.value,
            field=row.field.value if row.field else None,
            reason=row.reason,
            like=len(row.like),
        )


class ToldRoster(Told):
    """A list as it was read: send `rows`, `columns` and `above` back to take it in."""

    rows: list[SentRow]
    columns: list[str]
    labels: list[str]
    above: int
    people: list[ToldRow]
    added: int

    @classmethod
    def of(cls, roster: Roster, *, added: int = 0) -> "ToldRoster":
        """As it stands now."""
        return cls(
            rows=[SentRow(row.line, list(row.cells)) for row in roster.rows],
            columns=[each.value for each in roster.layout.columns],
            labels=list(roster.layout.labels),
            above=roster.layout.above,
            people=[ToldRow.of(row) for row in roster.read],
            added=added,
        )

"""Forms on the wire: questions and choices, never a key."""

from datetime import datetime
from typing import Self

from pydantic import Field

from app.banks.schemas import FormItem, PublishedForm
from app.web.api.wire import Told


class ToldOption(Told):
    """A choice, without saying whether it is right."""

    option: str = Field(examples=["a"])
    text: dict[str, str]


class ToldRow(Told):
    """A line that is put into one of the options, without saying which is right."""

    row: str = Field(examples=["1"])
    text: dict[str, str]


class ToldTable(Told):
    """A table before a question; the first cell of a row says what the row is."""

    head: list[str]
    rows: list[list[str]]


class ToldItem(Told):
    """A question as printed; no key.

    With `rows`, an answer holds at most one choice for each: its number and the option, "2a".
    """

    item: str = Field(examples=["7"])
    kind: str
    stimulus: dict[str, str] | None
    table: dict[str, ToldTable] | None
    stem: dict[str, str]
    options: list[ToldOption]
    rows: list[ToldRow]

    @classmethod
    def of(cls, item: FormItem) -> Self:
        """From the room's own value; "I do not know" is the last choice of a scored item."""
        return cls(
            item=item.item,
            kind=item.kind.value,
            stimulus=item.stimulus,
            table=_told_table(item),
            stem=item.stem,
            options=[ToldOption(option=each.option, text=each.text) for each in item.options],
            rows=[ToldRow(row=each.row, text=each.text) for each in item.rows],
        )


def _told_table(item: FormItem) -> dict[str, ToldTable] | None:
    if item.table is None:
        return None
    return {
        language: ToldTable(head=list(each.head), rows=[list(row) for row in each.rows])
        for language, each in item.table.items()
    }


class ToldForm(Told):
    """A published form without its keys."""

    id: str
    form: str
    bank: str
    version: int
    content_hash: str
    purpose: str
    audience: str
    title: dict[str, str]
    languages: list[str]
    is_reviewed: bool
    retired_at: datetime | None
    items: list[ToldItem]

    @classmethod
    def of(cls, form: PublishedForm) -> Self:
        """From the room's own value."""
        return cls(
            id=form.id,
            form=form.form_ref,
            bank=form.bank_ref,
            version=form.version,
            content_hash=form.content_hash,
            purpose=form.purpose.value,
            audience=form.audience,
            title=form.title,
            languages=list(form.languages),
            is_reviewed=form.is_reviewed(),
            retired_at=form.retired_at,
            items=[ToldItem.of(item) for item in form.items],
        )

"""Forms on the wire: questions and choices, never a key."""

from typing import Self

from pydantic import Field

from app.banks.schemas import FormItem, PublishedForm
from app.web.api.wire import Told


class ToldOption(Told):
    """A choice, without saying whether it is right."""

    option: str = Field(examples=["a"])
    text: dict[str, str]


class ToldItem(Told):
    """A question as printed; no key."""

    item: str = Field(examples=["7"])
    kind: str
    stimulus: dict[str, str] | None
    stem: dict[str, str]
    options: list[ToldOption]

    @classmethod
    def of(cls, item: FormItem) -> Self:
        """From the room's own value; "I do not know" is the last choice of a scored item."""
        return cls(
            item=item.item,
            kind=item.kind.value,
            stimulus=item.stimulus,
            stem=item.stem,
            options=[ToldOption(option=each.option, text=each.text) for each in item.options],
        )


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
            items=[ToldItem.of(item) for item in form.items],
        )

"""Questions over all workshops on the wire: words, key and figures, as the page has them."""

from typing import Self

from pydantic import Field

from app.reports.item_report import ItemLine
from app.web.api.wire import Told
from app.web.api.wire_details import Shaped, ToldFigure


class ToldItemOption(Told):
    """A choice; `option` dk: "I do not know". `belief`: the misconception behind it, in words."""

    option: str
    text: dict[str, str] | None
    is_key: bool
    belief: dict[str, str] | None
    before: ToldFigure
    after: ToldFigure


class ToldItemForm(Told):
    """A form version that holds the question; `rest_r`: with the rest of that test, after."""

    form_id: str
    form: str
    form_version: int
    item: str
    paired: int | None
    rest_r: ToldFigure


class ToldItemFigures(Shaped):
    """Shares of all pairs in percent; where one of the four moves is a limit, others are not told.

    `paired` null: nothing is told of the question yet.
    """

    workshops: int
    paired: int | None
    right_before: ToldFigure
    right_after: ToldFigure
    change: ToldFigure
    retained: ToldFigure
    learned: ToldFigure
    lost: ToldFigure
    not_learned: ToldFigure
    do_not_know_before: ToldFigure
    do_not_know_after: ToldFigure
    evidence: str = Field(examples=["indicative"])
    flags: list[str] = Field(examples=[["check_key"]])


class ToldItem(Told):
    """One version of a question over all released workshops and all forms."""

    code: str
    bank: str
    item: str
    kind: str
    stem: dict[str, str]
    figures: ToldItemFigures
    options: list[ToldItemOption]
    forms: list[ToldItemForm]

    @classmethod
    def of(cls, line: ItemLine) -> Self:
        """From the room's own value."""
        return cls(
            code=line.version.code,
            bank=line.version.bank_ref,
            item=line.version.ref,
            kind=line.version.kind.value,
            stem=line.version.stem,
            figures=ToldItemFigures.model_validate(line.figures),
            options=_options(line),
            forms=_forms(line),
        )


def _options(line: ItemLine) -> list[ToldItemOption]:
    found = []
    for each in line.figures.options:
        known = line.options.get(each.option)
        found.append(
            ToldItemOption(
                option=each.option,
                text=known.text if known else None,
                is_key=each.is_key,
                belief=known.belief if known else None,
                before=ToldFigure.model_validate(each.before),
                after=ToldFigure.model_validate(each.after),
            )
        )
    return found


def _forms(line: ItemLine) -> list[ToldItemForm]:
    return [
        ToldItemForm(
            form_id=each.form_id,
            form=line.forms[each.form_id].form_ref,
            form_version=line.forms[each.form_id].version,
            item=each.item,
            paired=each.paired,
            rest_r=ToldFigure.model_validate(each.rest_r),
        )
        for each in line.figures.forms
    ]

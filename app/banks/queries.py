"""Reads published forms."""

import json
from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from app.banks.schemas import (
    CRIMES,
    Flag,
    FormBeliefs,
    FormItem,
    FormKeys,
    FormOption,
    PublishedForm,
    Purpose,
)
from app.banks.tables import Form, FormKey, FormReview
from app.core.scoring import ItemKey, ItemKind


def get_form(db: Session, form_id: str) -> PublishedForm | None:
    """One published form, without its key."""
    row = db.get(Form, form_id)
    return _published(row, _reviews(db, [form_id])) if row else None


def get_form_by_hash(db: Session, content_hash: str) -> PublishedForm | None:
    """The form with exactly this content."""
    row = db.exec(select(Form).where(Form.content_hash == content_hash)).one_or_none()
    return _published(row, _reviews(db, [row.id])) if row else None


def find_forms(db: Session, *, latest_only: bool = False) -> list[PublishedForm]:
    """Published forms by name, newest version first."""
    rows = db.exec(
        select(Form).order_by(Form.purpose.desc(), Form.form_ref, col(Form.version).desc())  # type: ignore[attr-defined]
    ).all()
    reviews = _reviews(db, [row.id for row in rows])
    if latest_only:
        newest: dict[tuple[str, str], Form] = {}
        for row in rows:
            newest.setdefault((row.bank_ref, row.form_ref), row)
        rows = list(newest.values())
    return [_published(row, reviews) for row in rows]


def next_version(db: Session, bank_ref: str, form_ref: str) -> int:
    """The version number the next publication of this form gets."""
    highest = db.exec(
        select(func.max(Form.version)).where(Form.bank_ref == bank_ref, Form.form_ref == form_ref)
    ).one()
    return (highest or 0) + 1


def get_keys(db: Session, form_id: str) -> FormKeys | None:
    """What scoring needs of one form."""
    row = db.get(FormKey, form_id)
    if row is None:
        return None
    keys = {
        item: ItemKey(
            item=item,
            kind=ItemKind(each["kind"]),
            points=each["points"],
            options=tuple(each["options"]),
            keys=frozenset(each["keys"]),
        )
        for item, each in json.loads(row.key)["items"].items()
    }
    form = db.get_one(Form, form_id)
    return FormKeys(form_id=form_id, keys=keys, max_units=form.max_units)


def get_beliefs(db: Session, form_id: str) -> FormBeliefs | None:
    """What the wrong options of a form stand for."""
    form, row = db.get(Form, form_id), db.get(FormKey, form_id)
    if form is None or row is None:
        return None
    key = json.loads(row.key)
    crimes = {
        each["item"]: {option["option"]: option["ref"] for option in each["options"]}
        for each in json.loads(form.document)["items"]
        if Flag.CLASSIFY in each["flags"]
    }
    return FormBeliefs(
        texts=key["misconceptions"],
        behind={item: each["misconceptions"] for item, each in key["items"].items()},
        crimes={
            item: options for item, options in crimes.items() if set(options.values()) <= {*CRIMES}
        },
    )


def _reviews(db: Session, form_ids: Sequence[str]) -> list[FormReview]:
    return list(db.exec(select(FormReview).where(col(FormReview.form_id).in_(form_ids))).all())


def _published(row: Form, reviews: list[FormReview]) -> PublishedForm:
    document = json.loads(row.document)
    own = [review for review in reviews if review.form_id == row.id]
    return PublishedForm(
        id=row.id,
        bank_ref=row.bank_ref,
        form_ref=row.form_ref,
        version=row.version,
        content_hash=row.content_hash,
        purpose=Purpose(row.purpose),
        audience=row.audience,
        title=document["title"],
        languages=tuple(document["languages"]),
        objectives=document["objectives"],
        items=tuple(
            FormItem(
                item=each["item"],
                kind=ItemKind(each["kind"]),
                objective=each["objective"],
                flags=frozenset(each["flags"]),
                stem=each["stem"],
                stimulus=each["stimulus"],
                options=tuple(
                    FormOption(option=option["option"], text=option["text"])
                    for option in each["options"]
                ),
                max_length=each["max_length"],
            )
            for each in document["items"]
        ),
        max_units=row.max_units,
        published_at=row.published_at,
        is_law_reviewed=any(review.kind == "law" for review in own),
        reviewed_languages=frozenset(review.language for review in own if review.kind == "native"),
    )

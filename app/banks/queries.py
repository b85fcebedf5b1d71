"""Reads published forms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from app.banks.schemas import (
    CRIMES,
    Flag,
    FormBeliefs,
    FormItem,
    FormKeys,
    FormOption,
    FormRow,
    PublishedBank,
    PublishedForm,
    Purpose,
    Table,
)
from app.banks.tables import BankSource, Form, FormCorrection, FormKey, FormReview, RetiredForm
from app.core.placings import placing_of
from app.core.scoring import ItemKey, ItemKind


def get_form(db: Session, form_id: str) -> PublishedForm | None:
    """One published form, without its key."""
    row = db.get(Form, form_id)
    return _published(row, *_beside(db, [form_id])) if row else None


def get_form_by_hash(db: Session, content_hash: str) -> PublishedForm | None:
    """The form with exactly this content."""
    row = db.exec(select(Form).where(Form.content_hash == content_hash)).one_or_none()
    return _published(row, *_beside(db, [row.id])) if row else None


def find_forms(db: Session, *, latest_only: bool = False) -> list[PublishedForm]:
    """Published forms by name, newest version first."""
    rows = db.exec(
        select(Form).order_by(Form.purpose.desc(), Form.form_ref, col(Form.version).desc())  # type: ignore[attr-defined]
    ).all()
    reviews, retired = _beside(db, [row.id for row in rows])
    if latest_only:
        newest: dict[tuple[str, str], Form] = {}
        ages = _ages(db, rows)
        for row in rows:
            known = newest.setdefault((row.bank_ref, row.form_ref), row)
            if ages[row.id] > ages[known.id]:
                newest[row.bank_ref, row.form_ref] = row
        rows = list(newest.values())
    return [_published(row, reviews, retired) for row in rows]


def _ages(db: Session, rows: Sequence[Form]) -> dict[str, tuple[int, int]]:
    """How new each form's content is: a corrected version is as old as what it corrects."""
    corrects = {row.corrected_form_id: row.form_id for row in find_corrections(db)}
    versions = {row.id: row.version for row in rows}

    def first(form_id: str) -> str:
        return first(corrects[form_id]) if form_id in corrects else form_id

    return {row.id: (versions[first(row.id)], row.version) for row in rows}


def find_reviews(db: Session, form_id: str) -> list[FormReview]:
    """The signatures under one version."""
    return _reviews(db, [form_id])


def get_correction_to(db: Session, form_id: str) -> FormCorrection | None:
    """The correction that a version came from."""
    query = select(FormCorrection).where(FormCorrection.corrected_form_id == form_id)
    return db.exec(query).one_or_none()


def find_corrections(db: Session) -> Sequence[FormCorrection]:
    """Every correction, the oldest first."""
    query = select(FormCorrection).order_by(
        col(FormCorrection.corrected_at), col(FormCorrection.form_id)
    )
    return db.exec(query).all()


def next_version(db: Session, bank_ref: str, form_ref: str) -> int:
    """The version number the next publication of this form gets."""
    highest = db.exec(
        select(func.max(Form.version)).where(Form.bank_ref == bank_ref, Form.form_ref == form_ref)
    ).one()
    return (highest or 0) + 1


@dataclass(frozen=True)
class StoredTest:
    """A published test as it is stored: its document and its key."""

    form_id: str
    bank_ref: str
    document: str
    key: str


def find_stored(db: Session) -> list[StoredTest]:
    """Every published test with its key, the newest first."""
    query = (
        select(Form, FormKey.key)
        .join(FormKey, col(FormKey.form_id) == Form.id)
        .where(Form.purpose == Purpose.TEST.value)
        .order_by(col(Form.published_at).desc(), Form.form_ref, col(Form.version).desc())
    )
    return [
        StoredTest(form_id=form.id, bank_ref=form.bank_ref, document=form.document, key=key)
        for form, key in db.exec(query).all()
    ]


def get_source(db: Session, bank_ref: str) -> str | None:
    """A bank's newest published version, as it was kept."""
    row = _newest_source(db, bank_ref)
    return row.source if row is not None else None


def get_source_version(db: Session, bank_ref: str) -> tuple[int, str]:
    """The number and the hash of a bank's newest version; 0 and nothing before the first."""
    row = _newest_source(db, bank_ref)
    return (row.version, row.content_hash) if row is not None else (0, "")


def find_sources(db: Session) -> list[PublishedBank]:
    """Every published bank in its newest version, by name."""
    newest: dict[str, BankSource] = {}
    for row in db.exec(select(BankSource).order_by(BankSource.bank_ref, col(BankSource.version))):
        newest[row.bank_ref] = row
    return [_published_bank(row) for row in newest.values()]


def _newest_source(db: Session, bank_ref: str) -> BankSource | None:
    wanted = select(BankSource).where(BankSource.bank_ref == bank_ref)
    return db.exec(wanted.order_by(col(BankSource.version).desc()).limit(1)).first()


def _published_bank(row: BankSource) -> PublishedBank:
    files = json.loads(row.source)
    own = files["bank.yaml"]
    further = [name.removesuffix(".yaml") for name in files if "/" not in name]
    return PublishedBank(
        bank_ref=row.bank_ref,
        version=row.version,
        title=own["title"],
        language=own["language"],
        languages=(own["language"], *sorted(each for each in further if each != "bank")),
        item_count=len(own["items"]),
        published_at=row.published_at,
    )


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
        each["item"]: _crimes_of(each)
        for each in json.loads(form.document)["items"]
        if Flag.CLASSIFY in each["flags"] or each["kind"] == ItemKind.CLASSIFY
    }
    return FormBeliefs(
        texts=key["misconceptions"],
        behind={item: each["misconceptions"] for item, each in key["items"].items()},
        crimes={
            item: options for item, options in crimes.items() if set(options.values()) <= {*CRIMES}
        },
    )


def _crimes_of(item: dict[str, Any]) -> dict[str, str]:
    """Which crime each choice of an item says; of an item with rows each placing."""
    columns = {option["option"]: option["ref"] for option in item["options"]}
    if not item.get("rows"):
        return columns
    return {
        placing_of(row["row"], column): crime
        for row in item["rows"]
        for column, crime in columns.items()
    }


def _reviews(db: Session, form_ids: Sequence[str]) -> list[FormReview]:
    return list(db.exec(select(FormReview).where(col(FormReview.form_id).in_(form_ids))).all())


def _beside(
    db: Session, form_ids: Sequence[str]
) -> tuple[list[FormReview], dict[str, RetiredForm]]:
    """What was said of these forms since: reviews, and which are retired."""
    rows = db.exec(select(RetiredForm).where(col(RetiredForm.form_id).in_(form_ids))).all()
    return _reviews(db, form_ids), {row.form_id: row for row in rows}


def get_text(db: Session, form_id: str) -> tuple[str, str] | None:
    """A form's document and key as they are stored."""
    form, key = db.get(Form, form_id), db.get(FormKey, form_id)
    return (form.document, key.key) if form and key else None


def _published(
    row: Form, reviews: list[FormReview], retired: Mapping[str, RetiredForm]
) -> PublishedForm:
    document = json.loads(row.document)
    gone = retired.get(row.id)
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
        items=tuple(item_of(each) for each in document["items"]),
        max_units=row.max_units,
        published_at=row.published_at,
        is_law_reviewed=any(review.kind == "law" for review in own),
        reviewed_languages=frozenset(review.language for review in own if review.kind == "native"),
        retired_at=gone.retired_at if gone else None,
        retired_because=gone.reason if gone else "",
    )


def item_of(stored: dict[str, Any]) -> FormItem:
    """An item of a stored document; older ones know no rows and no table."""
    table: dict[str, Any] | None = stored.get("table")
    return FormItem(
        item=stored["item"],
        kind=ItemKind(stored["kind"]),
        objective=stored["objective"],
        flags=frozenset(stored["flags"]),
        stem=stored["stem"],
        stimulus=stored["stimulus"],
        options=tuple(FormOption(each["option"], each["text"]) for each in stored["options"]),
        max_length=stored["max_length"],
        rows=tuple(FormRow(each["row"], each["text"]) for each in stored.get("rows", ())),
        table=table
        and {
            language: Table(head=tuple(each["head"]), rows=tuple(map(tuple, each["rows"])))
            for language, each in table.items()
        },
    )

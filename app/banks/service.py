"""Publishes forms, once per content, and hands them out."""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from app.adapters.db import Work
from app.adapters.randomness import new_id
from app.banks import queries
from app.banks.drafting import draft_form
from app.banks.linting import Severity, lint_bank
from app.banks.plain import as_json
from app.banks.reading import require_banks
from app.banks.schemas import (
    FormBeliefs,
    FormContent,
    FormDraft,
    FormKeys,
    ItemBank,
    PublishedForm,
    ReviewKind,
)
from app.banks.tables import BankSource, Form, FormKey, FormReview
from app.core.errors import BankNotMended, FormUnknown, NotFound, ValueRefused
from app.core.scoring import DO_NOT_KNOW
from app.core.text import clean_line

_contents: dict[str, FormContent] = {}


def publish_banks(work: Work, folder: Path) -> list[PublishedForm]:
    """Publish every form of every bank below the folder, or none of them.

    Raises BankBroken with all problems of the files, and BankNotMended with the linter's errors.
    """
    banks = require_banks(folder)
    require_mended(banks, work.now.date())
    return [form for bank in banks for form in publish_bank(work, bank)]


def require_mended(banks: Iterable[ItemBank], today: date) -> None:
    """Raises BankNotMended with every error that the linter finds; warnings refuse nothing."""
    found = [each for bank in banks for each in lint_bank(bank, today)]
    errors = [str(each) for each in found if each.severity is Severity.ERROR]
    if errors:
        raise BankNotMended(problems="\n".join(errors))


def publish_bank(work: Work, bank: ItemBank) -> list[PublishedForm]:
    """Publish every form of one bank that was linted, and keep the bank itself for its authors.

    Content that is already published is left alone; changed content becomes a new version.
    """
    forms = [publish_form(work, draft_form(bank, form)) for form in bank.forms]
    source = as_json(bank)
    content_hash = hashlib.sha256(source.encode()).hexdigest()
    version, known = queries.get_source_version(work.db, bank.source.bank)
    if content_hash != known:
        work.db.add(
            BankSource(
                bank_ref=bank.source.bank,
                version=version + 1,
                content_hash=content_hash,
                source=source,
                published_at=work.now,
            )
        )
        work.db.flush()
    return forms


def publish_form(work: Work, draft: FormDraft) -> PublishedForm:
    """Store one draft as the next version, or return the version that has this content."""
    known = queries.get_form_by_hash(work.db, draft.content_hash)
    if known is not None:
        return known
    return require_form(work, store_version(work, draft))


def store_version(work: Work, draft: FormDraft) -> str:
    """Write a draft as the form's next version, whatever was published before; its id."""
    form_id = new_id()
    work.db.add(
        Form(
            id=form_id,
            bank_ref=draft.bank_ref,
            form_ref=draft.form_ref,
            version=queries.next_version(work.db, draft.bank_ref, draft.form_ref),
            content_hash=draft.content_hash,
            purpose=draft.purpose.value,
            audience=draft.audience,
            item_count=draft.item_count,
            max_units=draft.max_units,
            document=json.dumps(draft.document, ensure_ascii=False),
            published_at=work.now,
        )
    )
    work.db.flush()
    work.db.add(FormKey(form_id=form_id, key=json.dumps(draft.key, ensure_ascii=False)))
    work.db.flush()
    return form_id


def require_form(work: Work, form_id: str) -> PublishedForm:
    """One published form; raises FormUnknown."""
    form = queries.get_form(work.db, form_id)
    if form is None:
        raise FormUnknown()
    return form


def require_keys(work: Work, form_id: str) -> FormKeys:
    """One form's keys, for scoring only; raises FormUnknown."""
    keys = queries.get_keys(work.db, form_id)
    if keys is None:
        raise FormUnknown()
    return keys


def require_content(work: Work, form_id: str) -> FormContent:
    """Items and keys of a form, which never change once published; raises FormUnknown.

    Kept in memory: every save asks for it. Who has reviewed a form is not part of it.
    """
    content = _contents.get(form_id)
    if content is None:
        form, keys = require_form(work, form_id), require_keys(work, form_id)
        items = {each.item: each for each in form.items}
        letters = {
            each.item: frozenset(each.choices) | ({DO_NOT_KNOW} if each.is_scored else frozenset())
            for each in form.items
        }
        content = FormContent(items=items, keys=tuple(keys.keys.values()), letters=letters)
        _contents[form_id] = content
    return content


def require_beliefs(work: Work, form_id: str) -> FormBeliefs:
    """What the wrong options of a form stand for, for counts of groups; raises FormUnknown."""
    beliefs = queries.get_beliefs(work.db, form_id)
    if beliefs is None:
        raise FormUnknown()
    return beliefs


def find_forms(work: Work, *, latest_only: bool = False) -> list[PublishedForm]:
    """Published forms by name, newest version first."""
    return queries.find_forms(work.db, latest_only=latest_only)


def access_form(work: Work, form_id: str) -> PublishedForm:
    """One published form by an id from outside; raises NotFound."""
    form = queries.get_form(work.db, form_id)
    if form is None:
        raise NotFound()
    return form


def sign_form(
    work: Work, form: PublishedForm, *, kind: ReviewKind, language: str, reviewer: str
) -> PublishedForm:
    """A person's signature under a form: a lawyer, or a native reader of one of its languages."""
    if kind is ReviewKind.NATIVE and language not in form.languages:
        raise ValueRefused(
            field="language", reason="language_not_offered", languages=form.languages
        )
    work.db.add(
        FormReview(
            id=new_id(),
            form_id=form.id,
            kind=kind.value,
            language=language if kind is ReviewKind.NATIVE else "",
            reviewer=clean_line(reviewer, max_length=120, field="reviewer"),
            reviewed_at=work.now,
        )
    )
    work.db.flush()
    return require_form(work, form.id)


def get_form_id(work: Work, content_hash: str) -> str | None:
    """This database's id of the form with that content."""
    known = queries.get_form_by_hash(work.db, content_hash)
    return known.id if known else None

"""The life of a published form: offered to trainers, retired, offered again.

The form itself is never touched: its tests go on, its results stay, it can be read. Only the newest
version of a form is ever offered; where that one is retired, none is.
"""

import json

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.banks import queries
from app.banks.diffing import Change, FormText, find_changes, say_change
from app.banks.schemas import PublishedForm
from app.banks.service import find_forms, require_form
from app.banks.tables import RetiredForm
from app.core.errors import FormOffered, FormRetired, FormUnknown, ValueRefused
from app.core.text import clean_line

_LONGEST_REASON = 300


def find_offered(work: Work, *, also: str = "") -> list[PublishedForm]:
    """The newest version of each form that is not retired; `also` a form that is in use already."""
    offered = [each for each in find_forms(work, latest_only=True) if not each.retired_at]
    if also:
        own = require_form(work, also)
        known = {(each.bank_ref, each.form_ref) for each in offered}
        offered += [] if (own.bank_ref, own.form_ref) in known else [own]
    return offered


def find_versions(work: Work, form: PublishedForm) -> list[PublishedForm]:
    """Every version of a form, the newest first."""
    return [
        each
        for each in find_forms(work)
        if (each.bank_ref, each.form_ref) == (form.bank_ref, form.form_ref)
    ]


def retire_form(
    work: Work, form: PublishedForm, *, reason: str, by: StaffPerson | None
) -> PublishedForm:
    """Offer a form no more; the audit log says who and why.

    Raises FormRetired, and ValueRefused without a reason.
    """
    said = clean_line(reason, max_length=_LONGEST_REASON, field="reason")
    if form.retired_at:
        raise FormRetired()
    insert_if_absent(work, RetiredForm, form_id=form.id, retired_at=work.now, reason=said)
    accounts.record_event(
        work, by=by, verb="retire_form", object_kind="form", object_id=form.id,
        form=form.form_ref, version=form.version, reason=said,
    )  # fmt: skip
    return require_form(work, form.id)


def offer_form(work: Work, form: PublishedForm, *, by: StaffPerson | None) -> PublishedForm:
    """Offer a retired form again; raises FormOffered. The audit log keeps both."""
    row = work.db.get(RetiredForm, form.id)
    if row is None:
        raise FormOffered()
    work.db.delete(row)
    work.db.flush()
    accounts.record_event(
        work, by=by, verb="offer_form", object_kind="form", object_id=form.id,
        form=form.form_ref, version=form.version,
    )  # fmt: skip
    return require_form(work, form.id)


def compare_forms(work: Work, old: PublishedForm, new: PublishedForm) -> list[Change]:
    """What has changed from one published form to another, in the order of the new one."""
    return find_changes(_text_of(work, old), _text_of(work, new))


def _text_of(work: Work, form: PublishedForm) -> FormText:
    stored = queries.get_text(work.db, form.id)
    if stored is None:
        raise FormUnknown()
    return FormText(json.loads(stored[0]), json.loads(stored[1]))


def describe_changes(work: Work, name: str, since: int | None, to: int | None) -> list[str]:
    """For the command line: which versions are compared, then a line for each change.

    Raises as find_form, and FormUnknown where there is no older version.
    """
    new = find_form(work, name, to)
    older = [each for each in find_versions(work, new) if each.version < new.version]
    old = _pick(older, since)
    changes = [say_change(each) for each in compare_forms(work, old, new)]
    nothing = "Nothing but the order of the answers."
    head = f"{new.form_ref}: version {old.version} to version {new.version}"
    return [head, *(changes or [nothing])]


def find_form(work: Work, name: str, version: int | None = None) -> PublishedForm:
    """A form by its name, in its newest version or in that one.

    Two banks may call a form the same; then `bank/form` says which. Raises FormUnknown, and
    ValueRefused where the name alone is not enough.
    """
    bank, _, form = name.rpartition("/")
    forms = [
        each
        for each in find_forms(work, latest_only=version is None)
        if each.form_ref == form and bank in {"", each.bank_ref}
    ]
    banks = sorted({each.bank_ref for each in forms})
    if len(banks) > 1:
        names = [f"{each}/{form}" for each in banks]
        raise ValueRefused(field="form", reason="form_of_banks", forms=", ".join(names))
    return _pick(forms, version)


def _pick(versions: list[PublishedForm], wanted: int | None) -> PublishedForm:
    for each in versions:
        if wanted in {None, each.version}:
            return each
    raise FormUnknown()

"""A corrected key or a withdrawn question: an event beside the form, and the version that follows.

The form that was published stays as it was; the next version holds the same words and letters with
the corrected key (decision 0029). Scoring anew what was answered is `upkeep.rescoring`'s work.
"""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import service as accounts
from app.accounts.schemas import StaffPerson
from app.adapters.db import Work, insert_if_absent
from app.adapters.randomness import new_id
from app.banks import queries
from app.banks.schemas import FormDraft, PublishedForm, Purpose, ReviewKind
from app.banks.service import require_form, require_keys, store_version
from app.banks.tables import Form, FormCorrection, FormReview, RetiredForm
from app.core.errors import CorrectionRefused, FormUnknown
from app.core.scoring import UNITS_PER_POINT, ItemKey
from app.core.text import clean_line

_LONGEST_REASON = 300


@dataclass(frozen=True)
class Correction:
    """What was corrected of a version, and which version it is now; no `keys`: withdrawn."""

    form_id: str
    corrected_form_id: str
    item: str
    old_keys: tuple[str, ...]
    keys: tuple[str, ...]
    reason: str
    corrected_at: datetime
    staff_id: str | None
    is_finished: bool

    @property
    def is_withdrawn(self) -> bool:
        """Whether the question counts no more."""
        return not self.keys


def correct_form(
    work: Work,
    form: PublishedForm,
    *,
    item: str,
    keys: Collection[str],
    reason: str,
    by: StaffPerson | None,
) -> PublishedForm:
    """Publish the next version with another key for an item, or without it (no `keys`).

    Raises CorrectionRefused: corrected already, no such scored question, a key that cannot be
    meant or is the same, the last question that counts. ValueRefused without a reason.
    """
    said = clean_line(reason, max_length=_LONGEST_REASON, field="reason")
    keys = sorted(set(keys))
    # A second correction of it waits; whoever only names the form need not.
    work.db.get(Form, form.id, with_for_update={"key_share": True})
    known = _check(work, form, item, keys)
    corrected_id = _publish(work, form, item, keys)
    work.db.add(
        FormCorrection(
            form_id=form.id,
            corrected_form_id=corrected_id,
            item=item,
            old_keys=json.dumps(sorted(known.keys)),
            keys=json.dumps(keys),
            reason=said,
            staff_id=by.id if by else None,
            corrected_at=work.now,
        )
    )
    work.db.flush()
    accounts.record_event(
        work, by=by, verb="correct_form" if keys else "withdraw_item", object_kind="form",
        object_id=form.id, form=form.form_ref, version=form.version, item=item, reason=said,
    )  # fmt: skip
    return require_form(work, corrected_id)


def describe(work: Work, form: PublishedForm, item: str, keys: Collection[str]) -> list[str]:
    """For the command line: the question, its right answer until now, and what it would be.

    Raises CorrectionRefused, as the correction would.
    """
    known = _check(work, form, item, keys)
    told = form.get_item(item)
    stem = told.stem[form.languages[0]] if told else ""
    return [
        f"{form.form_ref} v{form.version}, question {item}: {stem}",
        f"right until now: {' '.join(sorted(known.keys))}",
        f"right from now on: {' '.join(sorted(keys))}" if keys else "withdrawn: it counts no more",
    ]


def _publish(work: Work, form: PublishedForm, item: str, keys: list[str]) -> str:
    """Store the next version; its hash is that of the old one and of what was corrected."""
    document, key = _corrected(work, form, item, keys)
    what = f"{form.content_hash} {json.dumps([item, keys])}"
    points = sum(each["points"] for each in key["items"].values())
    draft = FormDraft(
        bank_ref=form.bank_ref,
        form_ref=form.form_ref,
        purpose=form.purpose,
        audience=form.audience,
        content_hash=hashlib.sha256(what.encode()).hexdigest(),
        document=document,
        key=key,
        item_count=len(form.items),
        max_units=points * UNITS_PER_POINT,
    )
    form_id = store_version(work, draft)
    if form.retired_at:
        insert_if_absent(
            work, RetiredForm, form_id=form_id, retired_at=form.retired_at,
            reason=form.retired_because,
        )  # fmt: skip
    _sign_again(work, form.id, form_id)
    return form_id


def _sign_again(work: Work, form_id: str, corrected_id: str) -> None:
    """The words are the same, so those who read a language have read these; the law's have not."""
    for row in queries.find_reviews(work.db, form_id):
        if row.kind == ReviewKind.NATIVE.value:
            values = row.model_dump() | {"id": new_id(), "form_id": corrected_id}
            work.db.add(FormReview(**values))


def find_corrections(work: Work) -> list[Correction]:
    """Every correction, the oldest first."""
    return [_record_of(row) for row in queries.find_corrections(work.db)]


def get_correction(work: Work, form_id: str) -> Correction | None:
    """What was corrected of this version."""
    row = work.db.get(FormCorrection, form_id)
    return _record_of(row) if row else None


def get_correction_to(work: Work, form_id: str) -> Correction | None:
    """The correction that this version came from."""
    row = queries.get_correction_to(work.db, form_id)
    return _record_of(row) if row else None


def finish(work: Work, form_id: str) -> bool:
    """Every workshop is scored anew; False where that was known already."""
    row = work.db.get(FormCorrection, form_id, with_for_update=True, populate_existing=True)
    if row is None or row.finished_at is not None:
        return False
    row.finished_at = work.now
    work.db.add(row)
    work.db.flush()
    return True


def _record_of(row: FormCorrection) -> Correction:
    return Correction(
        form_id=row.form_id,
        corrected_form_id=row.corrected_form_id,
        item=row.item,
        old_keys=tuple(json.loads(row.old_keys)),
        keys=tuple(json.loads(row.keys)),
        reason=row.reason,
        corrected_at=row.corrected_at,
        staff_id=row.staff_id,
        is_finished=row.finished_at is not None,
    )


def _check(work: Work, form: PublishedForm, item: str, keys: Collection[str]) -> ItemKey:
    """The key as it is; raises CorrectionRefused where it cannot become another."""
    if form.purpose is not Purpose.TEST:
        raise CorrectionRefused(field="item", reason="correction_no_test")
    if get_correction(work, form.id) is not None:
        raise CorrectionRefused(field="item", reason="correction_done")
    all_keys = require_keys(work, form.id).keys
    known = all_keys.get(item)
    if known is None:
        raise CorrectionRefused(field="item", reason="correction_no_item")
    if not keys:
        if len(all_keys) == 1:
            raise CorrectionRefused(field="item", reason="correction_last_item")
        return known
    if set(keys) == known.keys:
        raise CorrectionRefused(field="keys", reason="correction_same")
    try:
        ItemKey(item, known.kind, known.points, known.options, frozenset(keys), known.rule)
    except ValueError as error:
        raise CorrectionRefused(field="keys", reason="correction_wrong_key") from error
    return known


def _corrected(
    work: Work, form: PublishedForm, item: str, keys: list[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document as it stands, and the key with the item corrected or without it."""
    stored = queries.get_text(work.db, form.id)
    if stored is None:
        raise FormUnknown()
    document, key = map(json.loads, stored)
    if not keys:
        del key["items"][item]
        return document, key
    own = key["items"][item]
    own["keys"] = keys
    own["misconceptions"] = {
        letter: belief for letter, belief in own["misconceptions"].items() if letter not in keys
    }
    return document, key

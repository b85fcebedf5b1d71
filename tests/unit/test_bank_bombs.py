"""What is no bank is refused with a sentence, and costs little: bombs, paths, markup, formulas."""

import time
from datetime import date

import pytest

from app.adapters.brought import MOST_BYTES, read_brought
from app.adapters.sheets import SheetRefused, refuse_other_kinds
from app.banks.importing import REASONS_HERE, look_over, open_file
from app.core.errors import BankRefused
from app.core.reasons import REASONS
from tests.fixtures.bank_bombs import BOMBS
from tests.fixtures.workbooks import written

TODAY = date(2026, 11, 23)
SECONDS = 10  # on a machine that does much else; each takes far less


def sentences(content: bytes) -> list[str]:
    """What is said against a file, read in this process so that hundreds cost little."""
    try:
        if not content:
            raise SheetRefused("list_empty")
        refuse_other_kinds(content)
        seen = look_over(read_brought(content), lambda ref: None, TODAY)
    except SheetRefused as refused:
        return [REASONS[REASONS_HERE.get(refused.reason, refused.reason)]]
    except BankRefused as refused:
        return [REASONS[str(refused.facts["reason"])]]
    assert not seen.can_be_published
    return [note.message for note in seen.notes if note.is_error]


def test_there_are_at_least_sixty() -> None:
    assert len(BOMBS) >= 60


@pytest.mark.parametrize("name", BOMBS)
def test_each_is_refused_with_its_sentence_in_little_time(name: str) -> None:
    make, wanted = BOMBS[name]
    content = make()
    start = time.process_time()
    said = sentences(content)
    assert time.process_time() - start < SECONDS
    assert [each for each in said if REASONS.get(wanted, wanted) in each], said


@pytest.mark.parametrize("name", ["zip: one file of zeros", "xlsx: a sheet of 33 megabytes"])
def test_the_same_is_said_by_the_process_that_reads_apart(name: str) -> None:
    make, wanted = BOMBS[name]
    with pytest.raises(BankRefused) as refused:
        open_file(make())
    assert refused.value.facts["reason"] == wanted


def test_a_file_that_is_too_large_is_not_read_at_all() -> None:
    with pytest.raises(BankRefused) as refused:
        open_file(b"PK" + b"\0" * MOST_BYTES)
    assert refused.value.facts["reason"] == "bank_too_large"


def test_a_bank_is_refused_by_none_of_this() -> None:
    assert look_over(open_file(written("my-bank")), lambda ref: None, TODAY).can_be_published

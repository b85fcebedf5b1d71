"""Short texts from outside: codes, names, lines of paper, squares, and the saves of phones."""

import json
from contextlib import suppress
from datetime import UTC, date, datetime

from pydantic import ValidationError

from app.adapters.signing import public_key_of, sign
from app.certificates.proof import check_proof, find_in_file
from app.core.codes import (
    card_number,
    join_code,
    loan_code,
    read_card_number,
    read_certificate_number,
    read_digits,
    read_join_code,
    read_loan_code,
)
from app.core.errors import CodeMistyped, NameRefused, ValueRefused
from app.core.paper import SheetUnreadable, paper_item, paper_rows, read_sheet
from app.core.proofs import (
    PaperFacts,
    ProofBroken,
    as_text,
    digest_name,
    key_id_of,
    pack,
    read_text,
    signed_part,
    unpack,
)
from app.core.rescue import RescueUnreadable, decode, encode, read_heading
from app.core.rescue_fields import ItemShape
from app.core.scoring import ItemKind
from app.core.staff_codes import find_step, read_recovery_code, recovery_code
from app.core.text import clean_line, clean_name, name_key
from app.web.api.wire_participants import SentOperations
from tests.fixtures.certificates import HOST, LATIN, LOCAL, NUMBER
from tests.fixtures.spoiling import spoil_json
from tests.long.parser_target import Target, of_texts

_JOIN = join_code(48271)
_CODES = (
    _JOIN,
    f"{_JOIN[:2]} {_JOIN[2:4]} {_JOIN[4:]}",
    _JOIN.translate({48 + value: 0x6F0 + value for value in range(10)}),
    card_number(418),
    card_number(7),
    loan_code(12_345_678_901),
    NUMBER,
    f"{NUMBER[:4]}-{NUMBER[4:8]}-{NUMBER[8:]}",
    recovery_code(2**59 + 12345),
)
_NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
_CARD, _FORM = card_number(418), "administration-7"

_SHAPE = (
    *(ItemShape(ItemKind.SINGLE_CHOICE, 4),) * 6,
    ItemShape(ItemKind.MULTI_SELECT, 6),
    ItemShape(ItemKind.CLASSIFY, 4, 5),
    ItemShape(ItemKind.SHORT_TEXT),
)
_RESCUE = encode(
    _SHAPE,
    card=_CARD,
    form=_FORM,
    revision=60,
    answers=[*(frozenset(each) for each in "abcdab"), frozenset("bc"), frozenset({"1a", "3c"}),
             "راستہ"],
)  # fmt: skip
_ITEMS = (
    *(paper_item(str(n), ItemKind.SINGLE_CHOICE, [*"abcd"]) for n in range(1, 6)),
    paper_item("6", ItemKind.MULTI_SELECT, [*"abcdef"]),
    *paper_rows("7", ItemKind.CLASSIFY, ["1", "2"], [*"abc"]),
    paper_item("8", ItemKind.SHORT_TEXT, []),
)
_LINES = (f"{_CARD}ACBDEBD/AB", f"{_CARD}A-۲ eac/bc", f"{_CARD[:2]} {_CARD[2:]}ABCDEA/AA")
_SAVES = tuple(
    json.dumps(each)
    for each in (
        {"operations": [{"id": "operation-0001", "item": "7", "revision": 3, "device": "phone",
                         "options": ["a"], "language": "ur", "age_ms": 1200},
                        {"id": "operation-0002", "item": "8", "revision": 4, "text": "راستہ"}]},
        {"finish": True, "sent_ids": ["operation-0001", "operation-0002"]},
    )
)  # fmt: skip
_SEED, _SALT = bytes(range(32)), b"saltsalt"
_KEY = public_key_of(_SEED)
_NAMES = (LOCAL, LATIN, "ʿAbd al-Ḥamīd", "علي‌رضا", "Ngọc Ánh", "O'Neil", "محمّد كريم")


def targets() -> list[Target]:
    """All of them."""
    return [
        of_texts("typed_codes", _read_codes, CodeMistyped, examples=_CODES, words=_CODES),
        of_texts(
            "rescue_code", _read_rescue, RescueUnreadable,
            examples=(_RESCUE.text, " ".join(_RESCUE.groups), "-".join(_RESCUE.groups).lower()),
            words=_RESCUE.groups,
        ),
        of_texts("paper_line", _read_line, SheetUnreadable, CodeMistyped, examples=_LINES),
        of_texts("certificate_square", _read_square, ProofBroken, examples=_squares()),
        Target(
            "saved_operations", _SAVES, lambda chance: spoil_json(chance.choice(_SAVES), chance),
            _read_save, (ValidationError,),
        ),
        of_texts("names_and_lines", _read_name, NameRefused, ValueRefused, examples=_NAMES),
    ]  # fmt: skip


def _read_codes(typed: str) -> None:
    """Whatever each reads is written in one way, and read again as itself."""
    read_digits(typed)
    find_step(_SEED, typed, now=_NOW, after=0)
    if recovered := read_recovery_code(typed):
        assert read_recovery_code(recovered) == recovered
    is_read = False
    for read in (read_join_code, read_card_number, read_loan_code, read_certificate_number):
        with suppress(CodeMistyped):
            assert read(read(typed)) == read(typed)
            is_read = True
    if not (is_read or recovered):
        raise CodeMistyped(typed=typed, kind="any")


def _read_rescue(typed: str) -> None:
    heading = read_heading(typed)
    assert decode(typed, _SHAPE, form=_FORM).heading == heading


def _read_line(typed: str) -> None:
    sheet = read_sheet(typed, _ITEMS)
    sheet.by_item(_ITEMS)


def _squares() -> tuple[str, ...]:
    content = pack(
        PaperFacts(
            key_id=key_id_of(_KEY), number=NUMBER, edition=1, starts_on=date(2026, 11, 22),
            ends_on=date(2026, 11, 23), days_attended=2, is_specimen=False,
            title="Telling trafficking from smuggling", place="کراچی", salt=_SALT,
            name_digests=(digest_name(_SALT, LOCAL), digest_name(_SALT, LATIN)),
        )
    )  # fmt: skip
    text = as_text(content, sign(_SEED, signed_part(content)))
    return f"{HOST}/v/{NUMBER}?edition=1#{text}", text


def _read_square(told: str) -> None:
    """As the page checks it, as a file is searched, and each part by itself, signed or not."""
    check_proof(told, _KEY, name=LATIN)
    find_in_file(told.encode("utf-8", "replace"))
    content, _ = read_text(told.rpartition("#")[2])
    unpack(content)


def _read_save(body: str) -> None:
    SentOperations.model_validate_json(body.encode("utf-8", "surrogatepass"))


def _read_name(typed: str) -> None:
    """What is kept is kept as it is when it is typed again, and found under the same key."""
    name_key(typed)
    name = clean_name(typed)
    assert clean_name(name) == name
    line = clean_line(typed, 120, field="reason")
    assert clean_line(line, 120, field="reason") == line
    name.encode()

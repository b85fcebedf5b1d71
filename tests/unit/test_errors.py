"""The catalogue of refusals: every code once, every sentence fit for a tired trainer."""

import copy
import pickle
import re

import pytest

from app.core import errors
from app.core.errors import CATALOGUE, Refusal
from app.core.reasons import REASONS

CODES = [
    "not_found",
    "sign_in_needed",
    "not_allowed",
    "laptop_only",
    "loan_spent",
    "form_expired",
    "foreign_origin",
    "wrong_sign_in",
    "test_still_open",
    "too_many_tries",
    "second_code_wrong",
    "second_step_needed",
    "proof_needed",
    "token_too_narrow",
    "indicator_token_needed",
    "token_in_address",
    "token_used_too_often",
    "one_time_link_spent",
    "weak_password",
    "join_code_unknown",
    "code_mistyped",
    "card_unknown",
    "card_erased",
    "kept_for_card_alone",
    "erasure_unconfirmed",
    "card_waiting",
    "consent_missing",
    "administration_not_open",
    "administration_closed",
    "occasion_out_of_order",
    "sitting_closed",
    "sitting_gone",
    "operation_conflict",
    "operations_missing",
    "item_unknown",
    "option_unknown",
    "response_malformed",
    "nothing_answered",
    "questionnaire_ticket_spent",
    "ballot_closed",
    "questionnaire_closed",
    "form_unknown",
    "form_not_reviewed",
    "form_retired",
    "correction_refused",
    "form_offered",
    "bank_broken",
    "bank_not_mended",
    "bank_refused",
    "workshop_not_editable",
    "workshop_dates_wrong",
    "value_refused",
    "name_refused",
    "list_refused",
    "scores_refused",
    "rows_refused",
    "logo_refused",
    "name_missing",
    "not_attended",
    "certificate_revoked",
    "key_destroyed",
    "not_yet_released",
    "no_number_free",
    "rescue_group_wrong",
    "rescue_unfinished",
    "rescue_wrong",
    "rescue_foreign",
    "sheet_wrong",
    "sheet_refused",
    "body_too_large",
    "method_not_allowed",
    "request_malformed",
    "database_unavailable",
    "disk_full",
    "schema_outdated",
    "unexpected",
]

NEVER_ON_A_SCREEN = {
    "error", "sync", "session", "submit", "offline", "quiz", "exam", "attempt", "user", "student",
    "invalid", "illegal", "failed", "fail", "forbidden", "please", "sorry", "oops",
}  # fmt: skip

SENTENCES = sorted(
    {kind.says for kind in CATALOGUE.values()}
    | {kind.way_out for kind in CATALOGUE.values()}
    | set(REASONS.values())
)


def test_the_catalogue_holds_exactly_the_agreed_codes():
    assert sorted(CATALOGUE) == sorted(CODES)


def test_no_two_refusals_share_a_code():
    assert len(CATALOGUE) == len(Refusal.__subclasses__()) == len(CODES)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_has_at_most_twelve_words(sentence):
    assert len(sentence.split()) <= 12


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_begins_large_and_ends_with_a_full_stop_or_a_fact(sentence):
    assert sentence[0].isupper()
    assert sentence.endswith((".", "}"))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_no_sentence_speaks_the_language_of_machines(sentence):
    assert not NEVER_ON_A_SCREEN & set(re.findall(r"[a-z]+", sentence.lower()))


def test_facts_are_kept_and_fill_the_sentence():
    refusal = errors.CodeMistyped(typed="482 719", kind="join_code")
    assert refusal.facts == {"typed": "482 719", "kind": "join_code"}
    assert refusal.says_with_facts() == "Something in this number is wrong or missing: 482 719"


def test_a_missing_fact_never_breaks_the_sentence():
    assert errors.CodeMistyped().says_with_facts().endswith("missing: …")


def test_a_fact_in_braces_is_printed_and_not_filled_in_again():
    refusal = errors.CodeMistyped(typed="{kind}", kind="card_number")
    assert refusal.says_with_facts().endswith("missing: {kind}")


def test_several_problems_are_told_in_one_line():
    refusal = errors.BankBroken(problems=["item 3 has no key", "item 7 stands twice"])
    assert refusal.says_with_facts() == (
        "This question bank cannot be used yet: item 3 has no key; item 7 stands twice"
    )


def test_a_known_reason_is_told_as_a_sentence():
    assert errors.ValueRefused(field="place", reason="too_long").says_with_facts() == (
        "This entry cannot be kept. It is too long."
    )


def test_a_reason_names_what_it_is_about():
    refusal = errors.ValueRefused(field="cards", reason="not_in_range", lowest=1, highest=900)
    assert refusal.says_with_facts() == (
        "This entry cannot be kept. Type a whole number from 1 to 900."
    )


def test_what_a_reason_names_is_filled_in_after_the_translation_and_left_as_it_is():
    urdu = {
        "This entry cannot be kept. {reason}": "نہیں۔ {reason}",
        "No trainer signs in as {login}. Choose from the list.": "ٹرینر نہیں: {login}",
    }
    refusal = errors.ValueRefused(field="x", reason="not_a_trainer", login="{reason}")
    assert refusal.says_with_facts(urdu.__getitem__) == "نہیں۔ ٹرینر نہیں: {reason}"


def test_a_list_is_parted_as_the_language_does_it():
    refusal = errors.ValueRefused(reason="language_not_offered", languages=("ur", "en"))
    said = refusal.says_with_facts(lambda message: {"; ": "؛ "}.get(message, message))
    assert said.endswith("languages: ur؛ en")


def test_a_translation_that_asks_for_its_own_reason_ends():
    refusal = errors.ValueRefused(reason="empty")
    assert refusal.says_with_facts(lambda _: "نہیں {reason}") == "نہیں نہیں empty"


def test_an_unknown_reason_is_told_as_it_stands():
    assert errors.ValueRefused(field="place", reason="Choose a day.").says_with_facts() == (
        "This entry cannot be kept. Choose a day."
    )


def test_a_reason_word_typed_by_a_person_is_not_taken_for_a_reason():
    assert errors.CodeMistyped(typed="empty").says_with_facts().endswith("missing: empty")


def test_the_sentence_and_the_reason_are_both_translated():
    urdu = {
        "This entry cannot be kept. {reason}": "یہ اندراج محفوظ نہیں ہو سکا۔ {reason}",
        "It is too long.": "یہ بہت لمبا ہے۔",
    }
    refusal = errors.ValueRefused(field="place", reason="too_long")
    assert (
        refusal.says_with_facts(urdu.__getitem__) == "یہ اندراج محفوظ نہیں ہو سکا۔ یہ بہت لمبا ہے۔"
    )


def test_a_broken_translation_still_says_something():
    refusal = errors.CodeMistyped(typed="12")
    assert refusal.says_with_facts(lambda _: "غلط {typed") == "غلط {typed"


def test_a_log_line_holds_the_code_and_no_fact():
    refusal = errors.CodeMistyped(typed="4183", kind="card_number")
    assert str(refusal) == "code_mistyped"
    assert "4183" not in repr(refusal)


def test_a_refusal_survives_being_copied_and_pickled():
    refusal = errors.ValueRefused(field="place", reason="empty")
    assert copy.copy(refusal).facts == {"field": "place", "reason": "empty"}
    assert pickle.loads(pickle.dumps(refusal)).facts == {"field": "place", "reason": "empty"}

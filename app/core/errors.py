"""The one catalogue of refusals: what the service says when it does not do what was asked.

Every refusal is a fact with a stable code, one sentence that says what happened and one that says
what to do next. Which HTTP status belongs to it is decided in `web`; nothing here knows HTTP.
"""

from __future__ import annotations

from app.core import (
    bank_refusals,
    form_refusals,
    picture_refusals,
    privacy_refusals,
    report_refusals,
    request_refusals,
    staff_refusals,
)
from app.core.reasons import N_
from app.core.refusal import Refusal as Refusal  # noqa: PLC0414  one door for all of them


class NotFound(Refusal):
    """Missing, or somebody else's: the two look the same."""

    code = "not_found"
    says = N_("There is nothing at this address.")
    way_out = N_("Go back and choose again.")


class SignInNeeded(Refusal):
    code = "sign_in_needed"
    says = N_("This page is for staff who are signed in.")
    way_out = N_("Sign in; this page opens right after.")


class NotAllowed(Refusal):
    code = "not_allowed"
    says = N_("This account is not allowed to do that.")
    way_out = N_("Ask the admin of your organisation.")


class JoinCodeUnknown(Refusal):
    code = "join_code_unknown"
    says = N_("No open test has this number.")
    way_out = N_("Compare the six digits with the trainer's screen.")


class CodeMistyped(Refusal):
    """Facts: typed (as it came), kind (join_code, card_number, certificate_number, loan_code)."""

    code = "code_mistyped"
    says = N_("Something in this number is wrong or missing: {typed}")
    way_out = N_("Compare it with the screen, the card or the paper.")


class CardUnknown(Refusal):
    code = "card_unknown"
    says = N_("This workshop has no card with this number.")
    way_out = N_("Compare it with your card, or ask the trainer.")


class NoNumberFree(Refusal):
    code = "no_number_free"
    says = N_("No number can be given out now.")
    way_out = N_("Ask the trainer for a card, or try again in a minute.")


class CardWaiting(Refusal):
    """A second phone came with the four digits alone; the trainer's tap lets it go on."""

    code = "card_waiting"
    says = N_("This card is in use on another phone. Nothing is lost.")
    way_out = N_("Scan the card, or ask the trainer to let this phone in.")


class ConsentMissing(Refusal):
    code = "consent_missing"
    says = N_("The test starts after you agree to take it.")
    way_out = N_("Read the few lines and choose.")


class AdministrationNotOpen(Refusal):
    """Facts: occasion (pre, post, follow_up)."""

    code = "administration_not_open"
    says = N_("This test is not open yet.")
    way_out = N_("Wait; the trainer opens it for everybody.")


class AdministrationClosed(Refusal):
    """Facts: occasion (pre, post, follow_up)."""

    code = "administration_closed"
    says = N_("This test is closed.")
    way_out = N_("Ask the trainer; it can be opened again.")


class OccasionOutOfOrder(Refusal):
    code = "occasion_out_of_order"
    says = N_("The tests follow one another: before, after, later.")
    way_out = N_("Close the earlier test first, then open this one.")


class SittingClosed(Refusal):
    code = "sitting_closed"
    says = N_("This test is finished and your answers are kept.")
    way_out = N_("Nothing to do. Ask the trainer if something is missing.")


class SittingGone(Refusal):
    code = "sitting_gone"
    says = N_("These answers were erased.")
    way_out = N_("Nothing to do; this phone forgets them too.")


class OperationConflict(Refusal):
    """The same operation id came with other content; the first one stands. Facts: operation_id."""

    code = "operation_conflict"
    says = N_("This change was kept before, with another answer.")
    way_out = N_("Open the question again and check the answer.")


class OperationsMissing(Refusal):
    """Facts: missing (operation ids)."""

    code = "operations_missing"
    says = N_("Some answers are still on the phone.")
    way_out = N_("Keep this page open; the phone sends them again.")


class ItemUnknown(Refusal):
    """Facts: item."""

    code = "item_unknown"
    says = N_("This question is not part of the test.")
    way_out = N_("Open the test again.")


class OptionUnknown(Refusal):
    """Facts: item, option."""

    code = "option_unknown"
    says = N_("This choice is not part of the question.")
    way_out = N_("Open the test again and choose.")


class ResponseMalformed(Refusal):
    """Facts: item."""

    code = "response_malformed"
    says = N_("One answer could not be read.")
    way_out = N_("Choose the answer again.")


class NothingAnswered(Refusal):
    code = "nothing_answered"
    says = N_("No question is answered yet.")
    way_out = N_("Answer one question at least, then send.")


class QuestionnaireTicketSpent(Refusal):
    code = "questionnaire_ticket_spent"
    says = N_("This questionnaire was already sent. Thank you.")
    way_out = N_("Nothing to do.")


class QuestionnaireClosed(Refusal):
    code = "questionnaire_closed"
    says = N_("The questionnaire is closed.")
    way_out = N_("Nothing to do. The test is not affected.")


class BallotClosed(Refusal):
    """Also for a slip that was never handed out."""

    code = "ballot_closed"
    says = N_("This question is closed.")
    way_out = N_("Nothing to do.")


class FormUnknown(Refusal):
    code = "form_unknown"
    says = N_("There is no published form of this test here.")
    way_out = N_("Choose one from the list of published forms.")


class FormNotReviewed(Refusal):
    code = "form_not_reviewed"
    says = N_("Nobody has reviewed these questions for a real workshop yet.")
    way_out = N_("Read the questions, tick that you reviewed them, then open.")


class BankBroken(Refusal):
    """Facts: problems (sentences)."""

    code = "bank_broken"
    says = N_("This question bank cannot be used yet: {problems}")
    way_out = N_("Correct the file and bring it in again.")


class WorkshopNotEditable(Refusal):
    code = "workshop_not_editable"
    says = N_("This workshop can no longer be changed.")
    way_out = N_("Make a new workshop, or ask the admin.")


class TestStillOpen(Refusal):
    """The workshop cannot be put away while people may be answering."""

    __test__ = False  # its name begins like a test's

    code = "test_still_open"
    says = N_("A test of this workshop is still open.")
    way_out = N_("Close the test first, then put the workshop away.")


class WorkshopDatesWrong(Refusal):
    code = "workshop_dates_wrong"
    says = N_("The first and the last day do not fit together.")
    way_out = N_("Check both days and save again.")


class ValueRefused(Refusal):
    """Facts: field, reason (a key of REASONS), and what the sentence of the reason names."""

    code = "value_refused"
    says = N_("This entry cannot be kept. {reason}")
    way_out = N_("Change it and send again.")


class NameRefused(Refusal):
    """Facts: reason (a key of REASONS), field where there are two; never the name itself."""

    code = "name_refused"
    says = N_("This name cannot be kept as it is typed. {reason}")
    way_out = N_("Type it again, without copying it from elsewhere.")


class ListRefused(Refusal):
    """A list of participants. Facts: reason (a key of REASONS)."""

    code = "list_refused"
    says = N_("This list cannot be taken in. {reason}")
    way_out = N_("Choose another file, or paste the names.")


class NameMissing(Refusal):
    code = "name_missing"
    says = N_("There is no name for this certificate yet.")
    way_out = N_("Type the name as it should be printed.")


class NotAttended(Refusal):
    code = "not_attended"
    says = N_("Attendance is not ticked for this person.")
    way_out = N_("Tick the attendance first.")


class CertificateRevoked(Refusal):
    code = "certificate_revoked"
    says = N_("This certificate was revoked.")
    way_out = N_("Ask the trainer of the workshop.")


class KeyDestroyed(Refusal):
    code = "key_destroyed"
    says = N_("The names of this workshop can no longer be read.")
    way_out = N_("They ended on the promised date; type the name again.")


class NotYetReleased(Refusal):
    code = "not_yet_released"
    says = N_("These results are not released yet.")
    way_out = N_("Look again later, or ask the trainer.")


class RescueGroupWrong(Refusal):
    """Facts: group (counted from 1)."""

    code = "rescue_group_wrong"
    says = N_("Group {group} is not what the phone shows.")
    way_out = N_("Compare this group with the phone and type it again.")


class RescueUnfinished(Refusal):
    """Facts: group (the last one typed)."""

    code = "rescue_unfinished"
    says = N_("Groups are missing after group {group}.")
    way_out = N_("Type all groups that the phone shows.")


class RescueWrong(Refusal):
    code = "rescue_wrong"
    says = N_("These are not the groups of a phone.")
    way_out = N_("Type the groups of five signs, or scan the square again.")


class RescueForeign(Refusal):
    code = "rescue_foreign"
    says = N_("These answers belong to another test or another workshop.")
    way_out = N_("Open the room they belong to and type them there.")


class SheetWrong(Refusal):
    """A sheet's typed line. Facts: item, reason (a key of REASONS), sign and last where it asks."""

    code = "sheet_wrong"
    says = N_("Question {item}: {reason}")
    way_out = N_("Compare it with the sheet and correct the line.")


class SheetRefused(Refusal):
    """A sheet of a person whose sheet is not taken. Facts: card, reason (a key of REASONS)."""

    code = "sheet_refused"
    says = N_("Nothing was changed. {reason}")
    way_out = N_("Compare the number on the sheet with the person's card.")


class DatabaseUnavailable(Refusal):
    code = "database_unavailable"
    says = N_("The service cannot save at this moment.")
    way_out = N_("Keep this page open and try again in a minute.")


class DiskFull(Refusal):
    code = "disk_full"
    says = N_("The service has no room left to save.")
    way_out = N_("Keep this page open and tell the trainer.")


class SchemaOutdated(Refusal):
    code = "schema_outdated"
    says = N_("The database is not ready for this version.")
    way_out = N_("Back up, then run the command: migrate.")


class Unexpected(Refusal):
    """Facts: reference (what the log calls this event)."""

    code = "unexpected"
    says = N_("Something went wrong on our side.")
    way_out = N_("Try again. If it stays so, tell the admin.")


# One door for all of them, also for those of requests as such and of what reports are made of.
BankNotMended = bank_refusals.BankNotMended
BankRefused = bank_refusals.BankRefused
BodyTooLarge = request_refusals.BodyTooLarge
CardErased = privacy_refusals.CardErased
CsrfMismatch = staff_refusals.CsrfMismatch
ErasureUnconfirmed = privacy_refusals.ErasureUnconfirmed
ForeignOrigin = staff_refusals.ForeignOrigin
IndicatorTokenNeeded = request_refusals.IndicatorTokenNeeded
KeptForCardAlone = privacy_refusals.KeptForCardAlone
LaptopOnly = staff_refusals.LaptopOnly
LoanSpent = staff_refusals.LoanSpent
LogoRefused = picture_refusals.LogoRefused
MethodNotAllowed = request_refusals.MethodNotAllowed
OneTimeLinkSpent = staff_refusals.OneTimeLinkSpent
ProofNeeded = staff_refusals.ProofNeeded
RequestMalformed = request_refusals.RequestMalformed
CorrectionRefused = form_refusals.CorrectionRefused
FormOffered = form_refusals.FormOffered
FormRetired = form_refusals.FormRetired
RowsRefused = report_refusals.RowsRefused
ScoresRefused = report_refusals.ScoresRefused
SecondCodeWrong = staff_refusals.SecondCodeWrong
SecondStepNeeded = staff_refusals.SecondStepNeeded
TokenInAddress = request_refusals.TokenInAddress
TokenTooNarrow = staff_refusals.TokenTooNarrow
TokenUsedTooOften = request_refusals.TokenUsedTooOften
TooManyTries = staff_refusals.TooManyTries
WeakPassword = staff_refusals.WeakPassword
WrongSignIn = staff_refusals.WrongSignIn

CATALOGUE: dict[str, type[Refusal]] = {kind.code: kind for kind in Refusal.__subclasses__()}
"""Every refusal by its code."""

"""Refusals of how staff sign in, and of what their tokens may do. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class LaptopOnly(Refusal):
    """A room's own network: staff act on the computer that serves, or on a borrowed device."""

    code = "laptop_only"
    says = N_("In this room staff sign in on the trainer's laptop only.")
    way_out = N_("Sign in there; under Devices it can lend its sign-in.")


class LoanSpent(Refusal):
    code = "loan_spent"
    says = N_("This number was used before, or it is too old.")
    way_out = N_("Make a new one on the laptop, under Devices.")


class CsrfMismatch(Refusal):
    code = "form_expired"
    says = N_("This page was open too long to be sent.")
    way_out = N_("Open the page again and send it once more.")


class ForeignOrigin(Refusal):
    code = "foreign_origin"
    says = N_("This request came from another website.")
    way_out = N_("Open the page of this service and do it there.")


class WrongSignIn(Refusal):
    code = "wrong_sign_in"
    says = N_("The address and the password do not fit together.")
    way_out = N_("Type both again, or ask for a new sign-in link.")


class TooManyTries(Refusal):
    code = "too_many_tries"
    says = N_("There were too many tries in a short time.")
    way_out = N_("Wait a few minutes, then try again.")


class OneTimeLinkSpent(Refusal):
    code = "one_time_link_spent"
    says = N_("This link was used before, or it is too old.")
    way_out = N_("Ask for a new link.")


class WeakPassword(Refusal):
    code = "weak_password"
    says = N_("This password is too short or too well known.")
    way_out = N_("Use 15 characters at least, for example four words.")


class SecondCodeWrong(Refusal):
    code = "second_code_wrong"
    says = N_("This code is wrong, too old, or was used before.")
    way_out = N_("Wait for the next code in the app, and type that.")


class SecondStepNeeded(Refusal):
    """The settings ask this role for a second step, and the person has none yet."""

    code = "second_step_needed"
    says = N_("This account needs a second step at sign-in first.")
    way_out = N_("Set it up under Your sign-in.")


class ProofNeeded(Refusal):
    """Files with names: the person must have proved who they are a short while ago."""

    code = "proof_needed"
    says = N_("Before names are downloaded, your password is asked again.")
    way_out = N_("Type it; the download opens right after.")


class TokenTooNarrow(Refusal):
    """Facts: needed (write, names)."""

    code = "token_too_narrow"
    says = N_("This token was not made for that. It needs: {needed}")
    way_out = N_("Make a token that may do it, under Your sign-in.")

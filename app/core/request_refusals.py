"""Refusals of a request as such: how it was sent, and by which program. `errors` gathers them."""

from __future__ import annotations

from app.core.reasons import N_
from app.core.refusal import Refusal


class IndicatorTokenNeeded(Refusal):
    code = "indicator_token_needed"
    says = N_("These numbers are for programs with a token that works.")
    way_out = N_("Send it as password or bearer; evaluators make one under Gains.")


class TokenInAddress(Refusal):
    """A token in an address stands in histories and logs; it is refused even beside a right one."""

    code = "token_in_address"
    says = N_("A token must not stand in an address.")
    way_out = N_("Revoke it, make a new one, and send that as password.")


class TokenUsedTooOften(Refusal):
    code = "token_used_too_often"
    says = N_("This token asked too often in a short time.")
    way_out = N_("Wait ten minutes. Once a day is enough for these numbers.")


class BodyTooLarge(Refusal):
    code = "body_too_large"
    says = N_("This is too large to be taken in.")
    way_out = N_("Send a smaller file or a shorter text.")


class MethodNotAllowed(Refusal):
    code = "method_not_allowed"
    says = N_("This address cannot be used in that way.")
    way_out = N_("Go back and use the button on the page.")


class RequestMalformed(Refusal):
    code = "request_malformed"
    says = N_("What arrived could not be read.")
    way_out = N_("Go back, look it over and send it again.")

"""The evaluator's tokens for programs that read indicators: made, listed with last use, revoked."""

from typing import Annotated, Any

from fastapi import Form, Response
from fastapi.responses import RedirectResponse

from app.accounts import indicator_tokens
from app.core.errors import Refusal
from app.web.deps import OpenWork, PageWholeEvaluator
from app.web.proof import FreshProof
from app.web.routers import staff_pages
from app.web.view import ReaderView

router = staff_pages("/evaluator/tokens")


@router.get("")
def show_tokens(view: ReaderView, work: OpenWork, evaluator: PageWholeEvaluator) -> Response:
    """The organisation's tokens, and where one is made."""
    return view.show("evaluator/tokens.html", error=None, **_tokens(view, work, evaluator))


@router.post("", name="create_indicator_token", dependencies=[FreshProof])
def create_indicator_token(
    view: ReaderView,
    work: OpenWork,
    evaluator: PageWholeEvaluator,
    label: Annotated[str, Form()] = "",
) -> Response:
    """A new token, which stands on this answer alone."""
    try:
        secret = indicator_tokens.create_indicator_token(work, by=evaluator, label=label)
    except Refusal as refusal:
        context = _tokens(view, work, evaluator, typed=label)
        view.show_again("evaluator/tokens.html", refusal, **context)
    context = _tokens(view, work, evaluator, secret=secret)
    return view.show("evaluator/tokens.html", error=None, **context)


@router.post("/{token_id}/revoke", name="revoke_indicator_token")
def revoke_indicator_token(
    work: OpenWork, evaluator: PageWholeEvaluator, token_id: str
) -> Response:
    """The token opens nothing from now on."""
    indicator_tokens.revoke_indicator_token(work, token_id, by=evaluator)
    return RedirectResponse("/evaluator/tokens", 303)


def _tokens(
    view: ReaderView,
    work: OpenWork,
    evaluator: PageWholeEvaluator,
    *,
    secret: str = "",
    typed: str = "",
) -> dict[str, Any]:
    """What the page shows; `secret` of a token that was just made, `typed` comes back."""
    base = view.house.settings.base_url.rstrip("/")
    return {
        "tokens": indicator_tokens.find_indicator_tokens(work, evaluator.organisation_id),
        "secret": secret,
        "typed": typed,
        "addresses": [
            f"{base}/api/v1/indicators/{each}" for each in ("results.csv", "workshops.csv")
        ],
        "guide": "app/guides/indicators.md",
        "most": indicator_tokens.MOST_USES,
        "minutes": indicator_tokens.WINDOW.seconds // 60,
    }

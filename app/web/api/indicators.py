"""API for donors' systems: indicators by a token of their own, and the tokens for evaluators."""

from fastapi import APIRouter, Response

from app.accounts import indicator_tokens
from app.reports.indicators import build_head_counts, build_indicators
from app.reports.indicators_as_csv import (
    head_counts_as_csv,
    result_rows,
    results_as_csv,
    workshop_rows,
)
from app.web.api.problems import PROBLEMS
from app.web.api.wire_indicators import (
    SentIndicatorToken,
    ToldHeadCounts,
    ToldIndicators,
    ToldIndicatorToken,
    ToldNewIndicatorToken,
)
from app.web.deps import ApiWholeEvaluator, OpenWork, TheHouse
from app.web.files import CSV_TYPE, name_file
from app.web.pooled import terms_of, wording_of
from app.web.programs import DESCRIBED, IndicatorChoice, IndicatorReader

router = APIRouter(responses=PROBLEMS)


@router.get(
    "/indicators/results",
    operation_id="get_indicators",
    tags=["indicators"],
    dependencies=DESCRIBED,
)
def get_indicators(
    house: TheHouse,
    reader: IndicatorReader,
    work: OpenWork,
    wanted: IndicatorChoice,
    language: str = "en",
) -> ToldIndicators:
    """Who took the tests and who reached the pass mark: the fixed tables as rows."""
    wording = wording_of(house, language)
    told = build_indicators(work, reader.organisation_id, wanted, terms_of(house))
    return ToldIndicators.of(result_rows(told, wording))


@router.get(
    "/indicators/results.csv",
    operation_id="download_indicators",
    tags=["indicators"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
    dependencies=DESCRIBED,
)
def download_indicators(
    house: TheHouse,
    reader: IndicatorReader,
    work: OpenWork,
    wanted: IndicatorChoice,
    language: str = "en",
) -> Response:
    """The same rows as CSV."""
    wording = wording_of(house, language)
    told = build_indicators(work, reader.organisation_id, wanted, terms_of(house))
    headers = name_file("tafawut-indicators.csv")
    return Response(results_as_csv(told, wording), media_type=CSV_TYPE, headers=headers)


@router.get(
    "/indicators/workshops",
    operation_id="get_head_counts",
    tags=["indicators"],
    dependencies=DESCRIBED,
)
def get_head_counts(
    house: TheHouse, reader: IndicatorReader, work: OpenWork, language: str = "en"
) -> ToldHeadCounts:
    """Registered women and men of each workshop that has begun, as staff counted them."""
    wording = wording_of(house, language)
    return ToldHeadCounts.of(
        workshop_rows(build_head_counts(work, reader.organisation_id), wording)
    )


@router.get(
    "/indicators/workshops.csv",
    operation_id="download_head_counts",
    tags=["indicators"],
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The rows as CSV"}},
    dependencies=DESCRIBED,
)
def download_head_counts(
    house: TheHouse, reader: IndicatorReader, work: OpenWork, language: str = "en"
) -> Response:
    """The same rows as CSV."""
    wording = wording_of(house, language)
    content = head_counts_as_csv(build_head_counts(work, reader.organisation_id), wording)
    headers = name_file("tafawut-workshops.csv")
    return Response(content, media_type=CSV_TYPE, headers=headers)


@router.post(
    "/indicator-tokens",
    status_code=201,
    operation_id="create_indicator_token",
    tags=["indicators"],
)
def create_indicator_token(
    work: OpenWork, evaluator: ApiWholeEvaluator, sent: SentIndicatorToken
) -> ToldNewIndicatorToken:
    """A token that reads the organisation's indicators and nothing else; shown once."""
    token = indicator_tokens.create_indicator_token(work, by=evaluator, label=sent.label)
    return ToldNewIndicatorToken(token=token)


@router.get("/indicator-tokens", operation_id="list_indicator_tokens", tags=["indicators"])
def list_indicator_tokens(work: OpenWork, evaluator: ApiWholeEvaluator) -> list[ToldIndicatorToken]:
    """The organisation's tokens with their last use, those that work first."""
    found = indicator_tokens.find_indicator_tokens(work, evaluator.organisation_id)
    return [ToldIndicatorToken.of(each) for each in found]


@router.delete(
    "/indicator-tokens/{token_id}",
    status_code=204,
    operation_id="revoke_indicator_token",
    tags=["indicators"],
)
def revoke_indicator_token(work: OpenWork, evaluator: ApiWholeEvaluator, token_id: str) -> Response:
    """End a token of the own organisation at once."""
    indicator_tokens.revoke_indicator_token(work, token_id, by=evaluator)
    return Response(status_code=204)

"""What every wire value has in common: strict values in, plain values out."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Token = Annotated[str, Field(min_length=16, max_length=128)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Digits = Annotated[str, Field(min_length=4, max_length=40)]
Day = Annotated[date, Field(strict=False)]


NO_NUL = r"^[^\x00]*$"
"""For texts of a `Strict` part: PostgreSQL cannot store a NUL."""


class Strict(BaseModel):
    """Strict types, unknown names refused; its texts say themselves what they may hold."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Sent(Strict):
    """What a client sends, without a NUL anywhere."""

    @model_validator(mode="before")
    @classmethod
    def refuse_nul(cls, sent: object) -> object:
        """No text holds a NUL, which PostgreSQL cannot store."""
        if _holds_nul(sent):
            raise ValueError("a text holds a sign that cannot be kept")
        return sent


class Told(BaseModel):
    """What a client is told."""

    model_config = ConfigDict(frozen=True)


class Problem(Told):
    """An error of the catalogue, as problem+json (RFC 9457)."""

    type: str = Field(examples=["/api/v1/problems/code_mistyped"])
    status: int = Field(examples=[422])
    code: str = Field(examples=["code_mistyped"])
    title: str = Field(examples=["Something in this number is wrong or missing: 482710"])
    next_step: str = Field(examples=["Compare it with the screen, the card or the paper."])


def _holds_nul(sent: object) -> bool:
    if isinstance(sent, dict):
        return any(_holds_nul(value) for value in sent.values())
    if isinstance(sent, list):
        return any(_holds_nul(value) for value in sent)
    return isinstance(sent, str) and "\0" in sent

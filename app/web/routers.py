"""Routers of pages: what every page of one kind asks for stands here once."""

from fastapi import APIRouter, Depends

from app.web.deps import check_csrf, check_origin, keep_sign_in


def public_pages(prefix: str = "") -> APIRouter:
    """Pages for anybody and for participants: a form must come from our own origin."""
    return APIRouter(prefix=prefix, include_in_schema=False, dependencies=[Depends(check_origin)])


def staff_pages(prefix: str = "") -> APIRouter:
    """Pages of signed-in staff: own origin, the form's token, and a sign-in that is kept alive."""
    return APIRouter(
        prefix=prefix,
        include_in_schema=False,
        dependencies=[Depends(check_origin), Depends(check_csrf), Depends(keep_sign_in)],
    )

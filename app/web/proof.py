"""Names, what opens them, and ways in: asked for by somebody who proved a moment ago who they are.

Pages ask for the password or a code again (`/staff/again`), a program shows a token that was made
for names.
"""

from typing import Annotated

from fastapi import Depends, Form, Request

from app.accounts import sign_ins
from app.accounts.schemas import TokenScope
from app.adapters.passwords import is_password
from app.core.errors import ProofNeeded, TokenTooNarrow
from app.web.deps import ApiStaff, OpenWork, PageSignIn, TheHouse, cookie_name, read_body


def require_fresh_proof(sign_in: PageSignIn, work: OpenWork) -> None:
    """Raises ProofNeeded when the last proof is older than ten minutes."""
    if not sign_ins.is_proof_fresh(sign_in, work.now):
        raise ProofNeeded()


def require_names_token(request: Request, _staff: ApiStaff) -> None:
    """Raises TokenTooNarrow for a token that was not made for names."""
    if request.state.token_scope is not TokenScope.NAMES:
        raise TokenTooNarrow(needed=TokenScope.NAMES.value)


def compare_own_password(
    request: Request,
    house: TheHouse,
    _body: Annotated[None, Depends(read_body)],
    password: Annotated[str, Form()] = "",
) -> bool:
    """Whether it is the password of who is signed in; raises TooManyTries.

    Slow on purpose, so nobody's turn to write is held meanwhile.
    """
    token = request.cookies.get(cookie_name(house, "staff"), "")
    with house.unit(writes=False) as work:
        found = sign_ins.get_sign_in(work, token, house.sign_in_rules)
        stored = sign_ins.read_password_hash(work, found.staff.login) if found else None
    return bool(password) and is_password(password, stored)


FreshProof = Depends(require_fresh_proof)
NamesToken = Depends(require_names_token)
OwnPassword = Annotated[bool, Depends(compare_own_password)]

"""A square's text: whatever one sign of it becomes, it is not signed any more."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from app.certificates.proof import check_proof, public_key
from app.certificates.schemas import ProofState
from app.core.codes import CROCKFORD
from app.core.proofs import ProofBroken, as_text, read_text
from tests.fixtures.certificates import a_paper, some_keys


@given(place=st.integers(0, 10_000), sign=st.sampled_from(CROCKFORD))
def test_no_other_sign_anywhere_is_signed(place: int, sign: str) -> None:
    proof = a_paper().proof
    spot = place % len(proof)
    changed = proof[:spot] + sign + proof[spot + 1 :]
    is_same = changed == proof
    state = check_proof(changed, public_key(some_keys())).state
    assert (state is ProofState.SIGNED) == is_same


@given(content=st.binary(min_size=1, max_size=200), signature=st.binary(min_size=64, max_size=64))
def test_any_bytes_come_back_from_their_text(content: bytes, signature: bytes) -> None:
    assert read_text(as_text(content, signature)) == (content, signature)


@given(st.text(max_size=400))
def test_any_text_is_answered(told: str) -> None:
    assert check_proof(told, public_key(some_keys())).state is not ProofState.SIGNED
    with contextlib.suppress(ProofBroken):
        read_text(told)

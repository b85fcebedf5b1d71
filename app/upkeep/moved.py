"""Whether the cards that were printed still lead to this server."""

from app.accounts import service as accounts
from app.adapters.db import Work
from app.workshops import service as workshops
from app.workshops.schemas import WorkshopState


def find_stranded_cards(work: Work, base_url: str) -> list[str]:
    """A sentence for each workshop whose cards were last printed for another address."""
    found = []
    for workshop_id, facts in accounts.find_last_facts(work, "print_cards").items():
        address = str(facts.get("address", ""))
        workshop = workshops.require_workshop(work, workshop_id)
        is_active = workshop.state is WorkshopState.ACTIVE
        if is_active and address.rstrip("/") != base_url.rstrip("/"):
            found.append(
                f"The cards of {workshop.title} lead to {address}, and this server is at "
                f"{base_url}. Print them again, or give this computer its old address."
            )
    return found

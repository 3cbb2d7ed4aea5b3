"""What acquisition keeps of people, for erasing it and for the copy a person may ask for."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from yutang.acquisition.models import Arrival, CustomerCode, ProfileInvitation
from yutang.customers.forgetting import forgets, tells


@forgets("personal_codes")
def forget(record_ids: Sequence[int]) -> int:
    """Cards no longer name their order, and open links to the profile page end. Counts of adds name nobody."""
    cards = CustomerCode.objects.filter(Q(customer__in=record_ids) | Q(joined_customer__in=record_ids))
    # The order's place is taken by the card's own number, for an order has one card under a live code.
    blanked = 0
    for card_id in cards.exclude(order_number="").values_list("pk", flat=True):
        blanked += CustomerCode.objects.filter(pk=card_id).update(order_number=f"erased-{card_id}", order_source="")
    ended, _ = ProfileInvitation.objects.filter(customer__in=record_ids).delete()
    return blanked + ended


@tells("live_codes")
def tell(record_ids: Sequence[int]) -> list[dict[str, Any]]:
    fields = ("code__name", "at", "member__name", "completed_at", "lost_at", "lost_by")
    return list(Arrival.objects.filter(customer__in=record_ids).order_by("at").values(*fields))

import pytest

from yutang.customers.events import CustomerCreated
from yutang.customers.tests.factories import at
from yutang.events.models import Event, Quarantine
from yutang.kernel.facts import Fact, announce, announce_many

pytestmark = pytest.mark.django_db


def created(key, source="import:retail"):
    return Fact(event=CustomerCreated(source=source), key=key, at=at(0))


@pytest.mark.parametrize("number", [1, 800])
def test_new_facts_are_written_in_one_statement(number, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert announce_many(created(f"k{n}") for n in range(number)) == number
    assert Event.objects.count() == number


def test_of_a_batch_only_what_is_new_counts_and_what_contradicts_is_kept_apart():
    announce(created("a"), created("b"))

    assert announce(created("a"), created("b", source="console"), created("c"), created("c")) == 1

    assert sorted(Event.objects.values_list("key", flat=True)) == ["a", "b", "c"]
    (stranger,) = Quarantine.objects.all()
    assert (stranger.key, stranger.content["props"]) == ("b", {"source": "console"})
    assert Event.objects.get(key="b").props == {"source": "import:retail"}

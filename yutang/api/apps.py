from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "yutang.api"
    label = "api"

    def ready(self) -> None:
        from yutang.acquisition.orders import look_up_orders_with
        from yutang.commerce.models import Order

        def customer_of(source: str, number: str) -> int | None:
            """Cards name an order as it is printed; without its source it has to be the only one of that number."""
            found = Order.objects.filter(number=number, customer__isnull=False)
            found = found.filter(source__name=source) if source else found
            customers = set(found.values_list("customer_id", flat=True)[:2])
            return customers.pop() if len(customers) == 1 else None

        look_up_orders_with(customer_of)

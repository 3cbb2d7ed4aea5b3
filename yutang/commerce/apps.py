from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "yutang.commerce"
    label = "commerce"

    def ready(self) -> None:
        from yutang.commerce import personal_data
        from yutang.commerce.lake_rows import ORDER_LINES, ORDERS
        from yutang.commerce.queries import purchases_of, source_names
        from yutang.customers import forgetting
        from yutang.customers.purchases import counted_by
        from yutang.lake.tables import declare
        from yutang.segments.references import names

        declare(ORDERS)
        declare(ORDER_LINES)
        counted_by(purchases_of)
        names("order_source")(source_names)
        forgetting.forgets("orders")(personal_data.forget)
        forgetting.tells("orders")(personal_data.tell)

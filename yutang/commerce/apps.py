from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "yutang.commerce"
    label = "commerce"

    def ready(self) -> None:
        from yutang.commerce.queries import purchases_of
        from yutang.customers.purchases import counted_by

        counted_by(purchases_of)

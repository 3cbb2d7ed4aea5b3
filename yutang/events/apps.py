from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "yutang.events"
    label = "events"

    def ready(self) -> None:
        from yutang.events import personal_data  # noqa: F401  (registers itself)
        from yutang.events.record import record
        from yutang.kernel.facts import record_with

        record_with(record)

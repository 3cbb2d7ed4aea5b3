from django.apps import AppConfig


class LakeConfig(AppConfig):
    name = "yutang.lake"
    label = "lake"

    def ready(self) -> None:
        from yutang.lake import tasks  # noqa: F401  (registers its jobs)
        from yutang.lake.event_rows import EVENTS
        from yutang.lake.tables import declare

        declare(EVENTS)

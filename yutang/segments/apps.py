from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "yutang.segments"
    label = "segments"

    def ready(self) -> None:
        from yutang.segments import events, personal_data, tasks  # noqa: F401  (register themselves)

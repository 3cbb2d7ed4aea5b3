from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "yutang.kernel"
    label = "kernel"

    def ready(self) -> None:
        # Each app's events.py declares what it announces; its tasks.py registers job handlers and consumers.
        autodiscover_modules("events")
        autodiscover_modules("tasks")

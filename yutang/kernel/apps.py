from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class KernelConfig(AppConfig):
    name = "yutang.kernel"
    label = "kernel"

    def ready(self) -> None:
        # Each app's events.py declares what it announces; its tasks.py registers job handlers and consumers.
        # The API is passed over: it announces nothing, and a worker has no need of it in memory.
        below = [app.name for app in apps.get_app_configs() if app.name.startswith("yutang.") and app.label != "api"]
        for module in ("events", "tasks"):
            for name in below:
                if find_spec(f"{name}.{module}") is not None:
                    import_module(f"{name}.{module}")

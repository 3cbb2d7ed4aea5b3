from django.apps import AppConfig


class AcquisitionConfig(AppConfig):
    name = "yutang.acquisition"
    label = "acquisition"

    def ready(self) -> None:
        from yutang.acquisition import privacy  # noqa: F401  (registers what is forgotten and told)
        from yutang.acquisition.services.greet import words_for
        from yutang.channels.wecom.welcome import greet_with

        greet_with(words_for)

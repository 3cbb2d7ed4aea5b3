from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "yutang.api"
    label = "api"

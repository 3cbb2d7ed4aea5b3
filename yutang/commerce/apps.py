from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "yutang.commerce"
    label = "commerce"

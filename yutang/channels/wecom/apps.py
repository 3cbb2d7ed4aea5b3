from django.apps import AppConfig


class WeComConfig(AppConfig):
    name = "yutang.channels.wecom"
    label = "wecom"

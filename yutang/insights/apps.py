from django.apps import AppConfig


class InsightsConfig(AppConfig):
    name = "yutang.insights"
    label = "insights"

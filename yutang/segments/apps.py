from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "yutang.segments"
    label = "segments"

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    name = "yutang.organization"
    label = "organization"

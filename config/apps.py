from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Carries the commands that run the product as a whole (`manage.py up`)."""

    name = "config"

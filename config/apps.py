from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Carries the commands that run the product as a whole (`manage.py up`)."""

    name = "config"

    def ready(self) -> None:
        from config import celery  # noqa: F401 - who calls a task from the web must know our broker

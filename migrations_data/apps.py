from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MigrationsDataConfig(AppConfig):
    name = "migrations_data"
    verbose_name = _("Import of old tables")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from migrations_data import messages, navigation, policy

        policy.register_all()
        navigation.register_all()
        messages.register_all()

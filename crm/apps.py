from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Clients and deals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm import checks, messages, navigation, policy  # noqa: F401 - importing registers the checks

        policy.register_all()
        navigation.register_all()
        messages.register_all()

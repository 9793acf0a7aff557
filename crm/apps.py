from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrmConfig(AppConfig):
    name = "crm"
    verbose_name = _("Clients and deals")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm import checks, downloads, messages, navigation, policy  # noqa: F401 - importing registers the checks
        from crm.lists import complaints, contracts, purchases  # noqa: F401 - importing makes the lists known to jobs too
        from crm.services import exporting

        policy.register_all()
        navigation.register_all()
        messages.register_all()
        downloads.register(exporting.KEY, exporting.produce)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisciplineConfig(AppConfig):
    name = "discipline"
    verbose_name = _("Control system")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from discipline import days_off, navigation, policy
        from discipline.alerts import kinds
        from notifications import quiet

        policy.register_all()
        navigation.register_all()
        kinds.register_all()
        quiet.register(days_off.off)

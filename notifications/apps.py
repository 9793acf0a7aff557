from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("Notifications")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import navigation
        from notifications import kinds, policy
        from notifications.services import messages

        policy.register_all()
        kinds.register(*kinds.ACCESS)
        navigation.register(navigation.Bell("notifications:inbox", messages.unread))

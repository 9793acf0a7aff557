from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and teams")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import rules
        from accounts.navigation import Group, NavItem, register
        from accounts.permissions import Permission

        rules.register_all()
        register(
            NavItem(
                label=_("People"), icon="users", url_name="accounts:people", group=Group.COMPANY, order=90,
                permission=Permission.PEOPLE_VIEW, sections=("accounts:person", "accounts:team"),
            )
        )  # fmt: skip

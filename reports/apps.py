from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Boards and reports")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import demo
        from crm import downloads
        from reports import control_book, navigation, policy
        from reports.asking import files
        from reports.demo import SIGN_INS
        from reports.mails import contents, kinds
        from reports.services import exporting

        demo.offer({email: password for _role, email, password in SIGN_INS})
        navigation.register_all()
        policy.register_all()
        kinds.register_all()
        contents.register_all()
        downloads.register(control_book.KEY, control_book.produce)
        downloads.register(exporting.KEY, exporting.produce)
        downloads.register(files.REPORT, files.produce)
        downloads.register(files.BEHIND, files.produce_behind)

from accounts.forms.service import ServiceForm

__all__ = ["ServiceForm"]

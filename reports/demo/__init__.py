"""The demo company: three teams, fourteen people with habits, ninety days of work told through the services."""

from reports.demo.people import SIGN_INS

__all__ = ["SIGN_INS"]

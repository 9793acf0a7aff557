"""Alerts: who is told what and when, looked up in the database each time. One file an alert; a new one stands in `look.ALERTS`."""

from discipline.alerts.look import run

__all__ = ["run"]

#!/usr/bin/env python3
"""Daybook's command line. Brings up its own PostgreSQL for the command when DATABASE_URL names none."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as missing:
        sys.exit(f"{missing}. Run `make setup` first, then use .venv/bin/python manage.py.")
    from config import embedded

    with embedded.for_command(sys.argv):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

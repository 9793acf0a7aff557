"""What calendars and working hours are called where they are listed as tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("discipline", "0010_lines_belong")]

    operations = [
        migrations.AlterModelOptions(
            name="calendarday",
            options={
                "ordering": ["calendar", "day", "pk"],
                "verbose_name": "day of a calendar",
                "verbose_name_plural": "calendars",
            },
        ),
        migrations.AlterModelOptions(
            name="teampolicy",
            options={
                "ordering": ["team", "starts_on"],
                "verbose_name": "working hours of a team",
                "verbose_name_plural": "working hours",
            },
        ),
    ]

"""A live connection that is made or ended leaves an event."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_calendar_addresses"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("added", "added"),
                    ("invited", "invited"),
                    ("edited", "details changed"),
                    ("role", "role changed"),
                    ("off", "switched off"),
                    ("on", "switched on"),
                    ("placed", "placed in a team"),
                    ("team_added", "team added"),
                    ("team_renamed", "team renamed"),
                    ("team_headed", "head of the team changed"),
                    ("team_moved", "team moved"),
                    ("mode", "scoring mode changed"),
                    ("token_made", "API token made"),
                    ("token_revoked", "API token revoked"),
                    ("exported", "list taken out as a file"),
                    ("feed_made", "calendar address made"),
                    ("feed_removed", "calendar address removed"),
                    ("live_made", "live connection made"),
                    ("live_revoked", "live connection ended"),
                ],
                max_length=15,
            ),
        ),
    ]

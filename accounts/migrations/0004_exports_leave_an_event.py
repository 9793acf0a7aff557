"""A list that is taken out as a file leaves an event."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_mode_events")]

    operations = [
        migrations.AlterField("accessevent", "kind", models.CharField(choices=[
            ("added", "added"), ("invited", "invited"), ("edited", "details changed"), ("role", "role changed"), ("off", "switched off"),
            ("on", "switched on"), ("placed", "placed in a team"), ("team_added", "team added"), ("team_renamed", "team renamed"),
            ("team_headed", "head of the team changed"), ("team_moved", "team moved"), ("mode", "scoring mode changed"),
            ("token_made", "API token made"), ("token_revoked", "API token revoked"), ("exported", "list taken out as a file"),
        ], max_length=15)),
    ]  # fmt: skip

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrations_data", "0003_questions_by_key")]

    operations = [
        migrations.AddField(
            model_name="importfile",
            name="compared",
            field=models.CharField(max_length=10, blank=True, default=""),
        ),
    ]

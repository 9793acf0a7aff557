"""Makes search cost the same after a large import as before it, and finds companies by the first letters of their name."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_history")]

    operations = [
        *(
            migrations.RemoveIndex(model_name=noun, name=f"{noun}_search")
            for noun in ("company", "contact", "deal")
        ),
        *(
            migrations.AddIndex(
                model_name=noun, index=GinIndex(fields=["search"], name=f"{noun}_search", fastupdate=False)
            )
            for noun in ("company", "contact", "deal")
        ),
        migrations.AddIndex(
            model_name="company",
            index=models.Index(fields=["name_key"], name="company_by_start", opclasses=["varchar_pattern_ops"]),
        ),
    ]

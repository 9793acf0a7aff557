"""Tasks in one go for contacts and deals too: what ties them to the assignment need not name a company."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0018_deal_orders")]

    operations = [
        migrations.AlterField(
            model_name="masstask",
            name="company",
            field=models.ForeignKey(null=True, on_delete=models.deletion.PROTECT, related_name="+", to="crm.company"),
        ),
    ]

"""No index that another one begins with, and none over empty columns: closing writes thousands of rows a day into these tables."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_mode_events'),
        ('discipline', '0008_seal_by_index'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='ledgerentry',
            name='adjustment',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='discipline.adjustment'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='claim',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='discipline.rewardclaim'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='key',
            field=models.CharField(max_length=80),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='settlement',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='discipline.settlement'),
        ),
        migrations.AlterField(
            model_name='ledgerentry',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_entries', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='scorecard',
            name='team',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='scorecards', to='accounts.team'),
        ),
        migrations.AlterField(
            model_name='scorecard',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='scorecards', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='scoreline',
            name='card',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='discipline.scorecard'),
        ),
        migrations.AlterField(
            model_name='snapshot',
            name='user',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('adjustment__isnull', False)), fields=['adjustment'], name='ledger_by_adjustment'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('claim__isnull', False)), fields=['claim'], name='ledger_by_claim'),
        ),
        migrations.AddIndex(
            model_name='ledgerentry',
            index=models.Index(condition=models.Q(('settlement__isnull', False)), fields=['settlement'], name='ledger_by_settlement'),
        ),
        migrations.AddConstraint(
            model_name='ledgerentry',
            constraint=models.UniqueConstraint(fields=('key',), name='ledger_once'),
        ),
    ]

"""Rates are only added to, settlements walk from draft to exported and stay, and one form takes one reward."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.history.fields
from crm.history.sql import append_only
from discipline import sql_money


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_tokens_and_events'),
        ('discipline', '0005_stamps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SettlementStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('made', 'made'), ('again', 'worked out again'), ('reviewed', 'reviewed'), ('back', 'sent back'), ('approved', 'approved'), ('exported', 'taken to payroll')], max_length=8)),
                ('recorded_at', crm.history.fields.StampField(db_default=crm.history.fields.DaybookNow(), editable=False)),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason')),
            ],
            options={
                'ordering': ['settlement', 'pk'],
            },
        ),
        migrations.AlterModelOptions(
            name='payrule',
            options={'ordering': ['team', '-starts_on', '-pk']},
        ),
        migrations.RemoveConstraint(
            model_name='payrule',
            name='pay_rule_one_start',
        ),
        migrations.AddField(
            model_name='rewardclaim',
            name='key',
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddIndex(
            model_name='payrule',
            index=models.Index(fields=['team', '-starts_on'], name='pay_rule_by_team'),
        ),
        migrations.AddField(
            model_name='settlementstep',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='settlementstep',
            name='settlement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='discipline.settlement'),
        ),
        migrations.RunSQL(append_only("discipline_payrule"), "DROP TRIGGER a_no_change ON discipline_payrule; DROP TRIGGER a_no_truncate ON discipline_payrule;"),
        migrations.RunSQL(sql_money.SETTLEMENT_STAYS, sql_money.SETTLEMENT_STAYS_BACK),
    ]

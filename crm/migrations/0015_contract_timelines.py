"""Versions of contracts and complaints that can be read, and the latest purchases of everybody at once."""

import crm.history.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0014_entry_time_once'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ComplaintTimeline',
            fields=[
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField()),
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('manual', 'entered by hand'), ('telephony', 'telephony'), ('mail', 'mail'), ('api', 'another program'), ('import', 'import')], default='manual', max_length=10)),
                ('external_id', models.CharField(blank=True, default='', max_length=120)),
                ('recorded_at', crm.history.fields.StampField(db_default=crm.history.fields.DaybookNow(), editable=False)),
                ('changed_at', crm.history.fields.StampField(db_default=crm.history.fields.DaybookNow(), editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('kind', models.CharField(choices=[('complaint', 'complaint'), ('return', 'return')], default='complaint', max_length=9, verbose_name='kind')),
                ('subject', models.CharField(max_length=200, verbose_name='what is wrong')),
                ('note', models.TextField(blank=True, default='', max_length=10000, verbose_name='note')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('due_at', models.DateTimeField(verbose_name='answer by')),
                ('status', models.CharField(choices=[('open', 'open'), ('settled', 'settled'), ('refused', 'refused')], default='open', max_length=7, verbose_name='status')),
                ('answer', models.TextField(blank=True, default='', max_length=10000, verbose_name='how it ended')),
                ('closed_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'db_table': 'crm_complaint_timeline',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ContractTimeline',
            fields=[
                ('from_at', models.DateTimeField()),
                ('to_at', models.DateTimeField()),
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('manual', 'entered by hand'), ('telephony', 'telephony'), ('mail', 'mail'), ('api', 'another program'), ('import', 'import')], default='manual', max_length=10)),
                ('external_id', models.CharField(blank=True, default='', max_length=120)),
                ('recorded_at', crm.history.fields.StampField(db_default=crm.history.fields.DaybookNow(), editable=False)),
                ('changed_at', crm.history.fields.StampField(db_default=crm.history.fields.DaybookNow(), editable=False)),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('number', models.CharField(blank=True, default='', max_length=60, verbose_name='number')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('remind_days', models.PositiveSmallIntegerField(default=30, verbose_name='remind so many days before')),
                ('amount_minor', models.BigIntegerField(blank=True, null=True, verbose_name='amount')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('status', models.CharField(choices=[('running', 'running'), ('renewed', 'renewed'), ('ended', 'ended')], default='running', max_length=8, verbose_name='status')),
                ('note', models.TextField(blank=True, default='', max_length=10000, verbose_name='note')),
            ],
            options={
                'db_table': 'crm_contract_timeline',
                'managed': False,
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(fields=['-day', '-id'], name='purchase_latest'),
        ),
    ]

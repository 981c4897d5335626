from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0002_office'),
        ('parties', '0002_succession'),
    ]

    operations = [
        migrations.AddField(
            model_name='cooperation',
            name='ended_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='wait',
            name='closing_text',
            field=models.CharField(blank=True, max_length=70),
        ),
        migrations.AlterField(
            model_name='wait',
            name='status',
            field=models.CharField(choices=[('claimed', '待对方确认'), ('accepted', '对方已认可'), ('disputed', '对方有异议，待裁定'), ('upheld', '裁定成立'), ('dismissed', '裁定不成立'), ('taken_back', '已撤回'), ('closed', '不再处理')], default='claimed', max_length=12),
        ),
        migrations.AddConstraint(
            model_name='wait',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['claimed', 'accepted', 'disputed', 'upheld', 'dismissed', 'taken_back', 'closed'])), name='wait_status'),
        ),
    ]

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.functions import Coalesce

SQLITE = [
    # Whole tokens without positions; kept in step with `words` by triggers.
    """
    CREATE VIRTUAL TABLE commitments_searched USING fts5(
        words, content='commitments_searchable', content_rowid='id',
        tokenize='ascii', detail=none, columnsize=0
    )
    """,
    """
    CREATE TRIGGER commitments_searchable_new AFTER INSERT ON commitments_searchable BEGIN
        INSERT INTO commitments_searched(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER commitments_searchable_gone AFTER DELETE ON commitments_searchable BEGIN
        INSERT INTO commitments_searched(commitments_searched, rowid, words)
        VALUES ('delete', old.id, old.words);
    END
    """,
    """
    CREATE TRIGGER commitments_searchable_changed
    AFTER UPDATE OF words ON commitments_searchable BEGIN
        INSERT INTO commitments_searched(commitments_searched, rowid, words)
        VALUES ('delete', old.id, old.words);
        INSERT INTO commitments_searched(rowid, words) VALUES (new.id, new.words);
    END
    """,
]
POSTGRESQL = [
    # Tokens are taken as they are: no parser that would part codes or know languages.
    """
    ALTER TABLE commitments_searchable ADD COLUMN tokens tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
    """,
    "CREATE INDEX commitments_searched ON commitments_searchable USING gin (tokens)",
]


def make_index(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL:
        editor.execute(statement)


def drop_index(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for name in ("new", "gone", "changed"):
            editor.execute(f"DROP TRIGGER commitments_searchable_{name}")
        editor.execute("DROP TABLE commitments_searched")
    else:
        editor.execute("DROP INDEX commitments_searched")
        editor.execute("ALTER TABLE commitments_searchable DROP COLUMN tokens")


def counts(*names: str) -> "list[tuple[str, models.BigIntegerField[int, int]]]":
    return [(name, models.BigIntegerField(default=0)) for name in names]


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0003_waits'),
    ]

    operations = [
        migrations.CreateModel(
            name='Projection',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('place', models.BigIntegerField(default=0)),
                ('edition', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dimension', models.CharField(max_length=10)),
                ('owner', models.CharField(blank=True, max_length=32)),
                ('period', models.CharField(blank=True, max_length=11)),
                ('value', models.CharField(blank=True, max_length=60)),
                *counts(
                    'total', 'kept', 'waiting', 'open', 'broken', 'ended', 'moved', 'undated', 'unowned',
                    'review', 'open_due', 'fell_due', 'on_time',
                ),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dimension', 'value', 'owner', 'period'), name='tally_cell')],
                'indexes': [models.Index(fields=['dimension', 'owner', 'period'], name='tally_by_period')],
            },
        ),
        migrations.CreateModel(
            name='News',
            fields=[
                ('entry_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('commitment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='news', to='commitments.commitment')),
            ],
        ),
        migrations.CreateModel(
            name='Searchable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField()),
                ('commitment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='searchable', to='commitments.commitment')),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RemoveIndex(
            model_name='commitment',
            name='commitment_by_heading',
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['due', 'code'], name='commitment_in_order'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['heading', 'due', 'code'], name='commitment_heading_order'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['lead', 'due', 'code'], name='commitment_lead_order'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['kind', 'due', 'code'], name='commitment_kind_order'),
        ),
        migrations.AddIndex(
            model_name='commitment',
            index=models.Index(fields=['status', 'due', 'code'], name='commitment_status_order'),
        ),
        migrations.AddIndex(
            model_name='change',
            index=models.Index(Coalesce('decided_at', 'asked_at'), models.F('code'), name='change_by_last_step'),
        ),
    ]

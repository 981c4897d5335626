from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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


class Migration(migrations.Migration):

    dependencies = [
        ('commitments', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(make_index, drop_index),
    ]

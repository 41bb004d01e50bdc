"""Attachments on their way, and the queue of background jobs.

The queue's tables and functions are procrastinate's own, in the SQL that came with version 3.10.0
and lies beside these migrations: what an old migration makes must not change with the package that
happens to be installed. A newer one brings its own changes, in its `sql/migrations`; they become
a migration of ours, and a test compares the two. (MIT licence; © 2019-2021 PeopleDoc, 2021-2023
Joachim Jablon and Eric Lemoine, 2024- Joachim Jablon and Kai Schlamp.)
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

QUEUE = Path(__file__).parents[1] / 'procrastinate_3_10_0.sql'


def upgrade():
    op.add_column('attachment', sa.Column('content_hash', sa.LargeBinary(), nullable=True))
    op.create_index('ix_attachment_waiting', 'attachment', ['created_at'], unique=False, postgresql_where=sa.text('report_id IS NULL'))
    op.create_index('ix_attachment_received', 'attachment', ['created_at'], unique=False, postgresql_where=sa.text("state = 'received'"))
    op.create_index('ix_attachment_erased', 'attachment', ['id'], unique=False, postgresql_where=sa.text('wrapped_key IS NULL AND original_blob IS NOT NULL'))
    op.create_index('ix_attachment_original_blob', 'attachment', ['original_blob'], unique=False)
    # Past SQLAlchemy: the SQL has colons and percent signs of its own.
    with op.get_bind().connection.cursor() as cursor:
        cursor.execute(QUEUE.read_text(encoding='utf-8'))


def downgrade():
    op.execute("""
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT tablename FROM pg_tables
                        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate\\_%'
            LOOP EXECUTE format('DROP TABLE %I CASCADE', name); END LOOP;
            FOR name IN SELECT oid::regprocedure::text FROM pg_proc
                        WHERE pronamespace = current_schema()::regnamespace
                          AND proname LIKE 'procrastinate\\_%'
            LOOP EXECUTE 'DROP FUNCTION ' || name; END LOOP;
            FOR name IN SELECT typname FROM pg_type
                        WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('e', 'c')
                          AND typname LIKE 'procrastinate\\_%'
            LOOP EXECUTE format('DROP TYPE %I', name); END LOOP;
        END $$
    """)
    op.drop_index('ix_attachment_original_blob', table_name='attachment')
    op.drop_index('ix_attachment_erased', table_name='attachment', postgresql_where=sa.text('wrapped_key IS NULL AND original_blob IS NOT NULL'))
    op.drop_index('ix_attachment_received', table_name='attachment', postgresql_where=sa.text("state = 'received'"))
    op.drop_index('ix_attachment_waiting', table_name='attachment', postgresql_where=sa.text('report_id IS NULL'))
    op.drop_column('attachment', 'content_hash')

"""Marks in the index of words: a report's status, holder, category, area, kind and clerk.

Half a million reports have the word "jalan", and some thousands lie with one office: the index
settles both together. It is built beside the old one, and reports are read and written meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

PUBLISHED = 'verified_at IS NOT NULL AND NOT confidential AND NOT about_conduct AND NOT about_service'
MARKS = 'report_marks(status, holder_opd_id, category_id, area_id, classification, about_conduct, entered_by_id)'
INDEXES = (
    ('ix_report_words', 'story', None),
    ('ix_report_public_words', 'public_text', sa.text(PUBLISHED)),
)


def upgrade():
    # A concatenation of what is not there is not there, and taken out.
    op.execute("""
        CREATE OR REPLACE FUNCTION report_marks(
            status varchar, holder bigint, category bigint, area bigint, classification varchar,
            about_conduct boolean, entered_by bigint
        ) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT array_to_tsvector(array_remove(ARRAY[
                '=' || status, '@' || holder, '~' || category, '^' || area, '%' || classification,
                CASE WHEN about_conduct THEN '?conduct' END, '+' || entered_by
            ], NULL))
        $$
    """)
    _build(f' || {MARKS}')


def downgrade():
    _build('')
    op.execute('DROP FUNCTION report_marks(varchar, bigint, bigint, bigint, varchar, boolean, bigint)')


def _build(marks):
    # Outside a transaction: dropping an index inside one would keep every reader of reports out until the
    # other was built. What a try that had to give way has left is removed first.
    with op.get_context().autocommit_block():
        for name, body, where in INDEXES:
            op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {name}_new')
            op.create_index(
                f'{name}_new', 'report', [sa.text(f'(report_words(id, title, {body}, place){marks})')], unique=False,
                postgresql_using='gin', postgresql_with={'fastupdate': 'off'}, postgresql_where=where,
                postgresql_concurrently=True,
            )
            op.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {name}')
            op.execute(f'ALTER INDEX {name}_new RENAME TO {name}')

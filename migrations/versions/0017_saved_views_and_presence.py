"""Views that officers keep, who is reading what, the words of answers, and what an officer did last.

The indexes of history are built beside its readers and writers.
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade():
    make_saved_views()
    make_presence()
    # The signs of its report's place, as `report_words` has them, and of the office that answered. It
    # calls no function of ours: what builds an index does not find those.
    op.execute("""
        CREATE OR REPLACE FUNCTION answer_words(report_id bigint, opd_id bigint, body text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT to_tsvector('pg_catalog.indonesian', body) || array_to_tsvector(array_remove(ARRAY[
                '#0/' || (report_id / 8192)::text, '#1/' || (report_id / 32768)::text,
                '#2/' || (report_id / 131072)::text, '#3/' || (report_id / 524288)::text, '@' || opd_id
            ], NULL))
        $$
    """)
    with op.get_context().autocommit_block():
        # What a try that had to give way has left is removed first.
        op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix_history_answers')
        op.create_index(
            'ix_history_answers', 'history', [sa.text('answer_words(report_id, opd_id, text)')], unique=False,
            postgresql_using='gin', postgresql_with={'fastupdate': 'off'},
            postgresql_where=sa.text("visible AND NOT undone AND text <> ''"), postgresql_concurrently=True,
        )
        op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix_history_by_officer')
        op.create_index(
            'ix_history_by_officer', 'history', ['user_id', 'at'], unique=False,
            postgresql_where=sa.text('user_id IS NOT NULL'), postgresql_concurrently=True,
        )


def make_saved_views():
    op.create_table(
        'saved_view',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('user_id', sa.BigInteger(), nullable=False),
        sa.Column('opd_id', sa.BigInteger(), nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_saved_view_opd_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_view_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
        sa.UniqueConstraint('user_id', 'name', name=op.f('uq_saved_view_user_id_name')),
    )
    op.create_index('ix_saved_view_shared', 'saved_view', ['opd_id'], unique=False, postgresql_where=sa.text('opd_id IS NOT NULL'))


def make_presence():
    op.create_table(
        'presence',
        sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('report_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('since', INSTANT, nullable=False),
        sa.Column('active_at', INSTANT, nullable=False),
        sa.Column('seen_at', INSTANT, nullable=False),
        sa.Column('writing', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('user_id', 'report_id', name=op.f('pk_presence')),
        prefixes=['UNLOGGED'],
        postgresql_with={'fillfactor': 50},
    )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix_history_by_officer')
        op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix_history_answers')
    op.execute('DROP FUNCTION answer_words(bigint, bigint, text)')
    op.drop_table('presence')
    op.drop_table('saved_view')

"""Substitutes, second factors, and which reports are still to be copied into the national system.

The column and its index come first, outside a transaction, so that reports are read and written
meanwhile; a try that had to give way begins anew. The tables are new, and nobody waits for them.
"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
TO_BE_COPIED = (
    'tracking_id IS NULL AND sp4n_settled_at IS NULL AND NOT imported AND verified_at IS NOT NULL'
    " AND status NOT IN ('archived', 'merged', 'outside_authority')"
)


def upgrade():
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE report ADD COLUMN IF NOT EXISTS sp4n_settled_at timestamptz')
        op.execute('DROP INDEX CONCURRENTLY IF EXISTS ix_report_not_copied')
        op.create_index(
            'ix_report_not_copied', 'report', ['agency_id', 'received_on', 'id'], unique=False,
            postgresql_where=sa.text(TO_BE_COPIED), postgresql_concurrently=True,
        )

    op.create_table(
        'substitution',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('absent_id', sa.BigInteger(), nullable=False),
        sa.Column('substitute_id', sa.BigInteger(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('set_by_id', sa.BigInteger(), nullable=False),
        sa.Column('set_at', INSTANT, nullable=False),
        sa.Column('ended_at', INSTANT, nullable=True),
        sa.Column('ended_by_id', sa.BigInteger(), nullable=True),
        sa.CheckConstraint('absent_id <> substitute_id', name=op.f('ck_substitution_of_another')),
        sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_substitution_ends_after_it_starts')),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_substitution_agency_id')),
        sa.ForeignKeyConstraint(['absent_id'], ['user.id'], name=op.f('fk_substitution_absent_id')),
        sa.ForeignKeyConstraint(['substitute_id'], ['user.id'], name=op.f('fk_substitution_substitute_id')),
        sa.ForeignKeyConstraint(['set_by_id'], ['user.id'], name=op.f('fk_substitution_set_by_id')),
        sa.ForeignKeyConstraint(['ended_by_id'], ['user.id'], name=op.f('fk_substitution_ended_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_substitution')),
    )
    op.create_index('ix_substitution_substitute', 'substitution', ['substitute_id', 'ends_on'])
    op.create_index('ix_substitution_absent', 'substitution', ['absent_id', 'ends_on'])
    op.add_column('login_session', sa.Column('substitution_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f('fk_login_session_substitution_id'), 'login_session', 'substitution', ['substitution_id'], ['id'],
        ondelete='SET NULL',
    )

    op.create_table(
        'second_factor',
        sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('sealed_secret', sa.LargeBinary(), nullable=False),
        sa.Column('last_step', sa.BigInteger(), nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_second_factor_user_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factor')),
    )
    op.create_table(
        'recovery_code',
        sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('code_hash', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ['user_id'], ['second_factor.user_id'], name=op.f('fk_recovery_code_user_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('user_id', 'code_hash', name=op.f('pk_recovery_code')),
    )
    # As with a password (0003): whoever was signed in by less, or by another secret, signs in anew.
    op.execute("""
        CREATE FUNCTION end_login_sessions_of_factor() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM login_session WHERE user_id = coalesce(NEW.user_id, OLD.user_id);
            RETURN NULL;
        END
        $$
    """)
    op.execute("""
        CREATE TRIGGER end_login_sessions AFTER INSERT OR DELETE OR UPDATE OF sealed_secret ON second_factor
        FOR EACH ROW EXECUTE FUNCTION end_login_sessions_of_factor()
    """)


def downgrade():
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
    op.execute('DROP FUNCTION end_login_sessions_of_factor()')
    op.drop_constraint(op.f('fk_login_session_substitution_id'), 'login_session', type_='foreignkey')
    op.drop_column('login_session', 'substitution_id')
    op.drop_table('substitution')
    op.drop_index('ix_report_not_copied', table_name='report')
    op.drop_column('report', 'sp4n_settled_at')

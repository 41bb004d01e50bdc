"""The outbox sends: tries, keys and parking; links in messages; where officers are told.

The index and the constraint that only knew reporters give way to ones that know officers too; the
new ones are there before the old ones go.
"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

WAITS = 'sent_at IS NULL AND cancelled_at IS NULL'


def upgrade():
    op.create_table('report_link',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asks_code', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_link_report_id')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_report_link'))
    )
    op.create_index(op.f('ix_report_link_report_id'), 'report_link', ['report_id'], unique=False)
    op.create_index(op.f('ix_report_link_expires_at'), 'report_link', ['expires_at'], unique=False)
    op.create_table('channel_rest',
    sa.Column('medium', sa.String(length=32), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('medium', name=op.f('pk_channel_rest'))
    )
    op.create_table('notice_settings',
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('digest', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('personal', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('dispositions', sa.Boolean(), server_default=sa.true(), nullable=False),
    sa.Column('quiet_from', sa.SmallInteger(), server_default='20', nullable=False),
    sa.Column('quiet_until', sa.SmallInteger(), server_default='6', nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_notice_settings_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_notice_settings'))
    )
    op.add_column('reporter_identity', sa.Column('news_stopped_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('reporter_identity', sa.Column('contact_by_officer', sa.Boolean(), server_default=sa.false(), nullable=False))

    op.add_column('outbox', sa.Column('user_id', sa.BigInteger(), nullable=True))
    op.add_column('outbox', sa.Column('about_on', sa.Date(), nullable=True))
    op.add_column('outbox', sa.Column('key', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('medium', sa.String(length=32), nullable=True))
    op.add_column('outbox', sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False))
    op.add_column('outbox', sa.Column('reason', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('provider_id', sa.Text(), nullable=True))
    op.add_column('outbox', sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('outbox', sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True))
    op.alter_column('outbox', 'report_id', nullable=True)
    op.alter_column('outbox', 'sequence', nullable=True)
    op.create_check_constraint(op.f('ck_outbox_is_for_somebody'), 'outbox', 'report_id IS NOT NULL OR user_id IS NOT NULL')
    op.create_foreign_key(op.f('fk_outbox_user_id'), 'outbox', 'user', ['user_id'], ['id'], ondelete='CASCADE')
    op.create_index('uq_outbox_reporter', 'outbox', ['report_id', 'sequence', 'kind'], unique=True, postgresql_where=sa.text('user_id IS NULL'))
    op.create_index('uq_outbox_officer', 'outbox', ['user_id', 'report_id', 'sequence', 'kind'], unique=True, postgresql_where=sa.text('user_id IS NOT NULL'))
    op.create_index('uq_outbox_day', 'outbox', ['user_id', 'kind', 'about_on'], unique=True, postgresql_where=sa.text('about_on IS NOT NULL'))
    op.create_index('ix_outbox_due', 'outbox', ['not_before'], unique=False, postgresql_where=sa.text(f'{WAITS} AND parked_at IS NULL'))
    op.create_index('ix_outbox_parked', 'outbox', ['parked_at'], unique=False, postgresql_where=sa.text('parked_at IS NOT NULL'))
    op.create_index('uq_outbox_key', 'outbox', ['key'], unique=True, postgresql_where=sa.text('key IS NOT NULL'))
    op.create_index('ix_outbox_provider_id', 'outbox', ['provider_id'], unique=False, postgresql_where=sa.text('provider_id IS NOT NULL'))
    op.drop_constraint(op.f('uq_outbox_report_id_sequence_kind'), 'outbox')
    op.drop_index('ix_outbox_waiting', table_name='outbox')


def downgrade():
    """What is for officers goes: the older application would send it to the reporter."""
    op.execute('DELETE FROM outbox WHERE user_id IS NOT NULL OR sequence IS NULL')
    op.create_index('ix_outbox_waiting', 'outbox', ['not_before'], unique=False, postgresql_where=sa.text(WAITS))
    op.create_unique_constraint(op.f('uq_outbox_report_id_sequence_kind'), 'outbox', ['report_id', 'sequence', 'kind'])
    for index in ('uq_outbox_reporter', 'uq_outbox_officer', 'uq_outbox_day', 'ix_outbox_due', 'ix_outbox_parked', 'uq_outbox_key', 'ix_outbox_provider_id'):
        op.drop_index(index, table_name='outbox')
    op.drop_constraint(op.f('ck_outbox_is_for_somebody'), 'outbox')
    op.alter_column('outbox', 'sequence', nullable=False)
    op.alter_column('outbox', 'report_id', nullable=False)
    for column in ('parked_at', 'delivered_at', 'provider_id', 'reason', 'tries', 'medium', 'key', 'about_on', 'user_id'):
        op.drop_column('outbox', column)
    op.drop_column('reporter_identity', 'contact_by_officer')
    op.drop_column('reporter_identity', 'news_stopped_at')
    op.drop_table('notice_settings')
    op.drop_table('channel_rest')
    op.drop_table('report_link')

"""What comes in by message and mail, and the mark by which a sender's reports are found.

Identities sealed before this have no mark, since only the application holds the key to make it:
who sent such a report answers by its page until they change their contact.
"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('reporter_identity', sa.Column('phone_mark', sa.SmallInteger(), nullable=True))
    op.add_column('reporter_identity', sa.Column('email_mark', sa.SmallInteger(), nullable=True))
    # Nothing has a mark yet: both are built in the time that it takes to read the table.
    op.create_index('ix_reporter_identity_phone_mark', 'reporter_identity', ['phone_mark'], unique=False, postgresql_where=sa.text('phone_mark IS NOT NULL'))
    op.create_index('ix_reporter_identity_email_mark', 'reporter_identity', ['email_mark'], unique=False, postgresql_where=sa.text('email_mark IS NOT NULL'))
    op.create_table('inbound_event',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('channel', sa.String(length=32), nullable=False),
        sa.Column('event_hash', sa.LargeBinary(), nullable=False),
        sa.Column('sender_hash', sa.LargeBinary(), nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('outcome', sa.String(length=32), nullable=False),
        sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_inbound_event_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_event')),
        sa.UniqueConstraint('agency_id', 'event_hash', name=op.f('uq_inbound_event_agency_id_event_hash')),
    )
    op.create_index('ix_inbound_event_waiting', 'inbound_event', ['received_at'], unique=False, postgresql_where=sa.text("outcome = 'waiting'"))
    op.create_index('ix_inbound_event_sender', 'inbound_event', ['sender_hash', 'sent_at'], unique=False, postgresql_where=sa.text('sender_hash IS NOT NULL'))
    op.create_index('ix_inbound_event_received_at', 'inbound_event', ['received_at'], unique=False)
    op.create_table('dialogue',
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('sender_hash', sa.LargeBinary(), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asks', sa.String(length=32), nullable=True),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_dialogue_agency_id')),
        sa.PrimaryKeyConstraint('agency_id', 'sender_hash', name=op.f('pk_dialogue')),
    )
    op.create_index(op.f('ix_dialogue_last_at'), 'dialogue', ['last_at'], unique=False)
    op.create_table('answer',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('report_id', sa.BigInteger(), nullable=True),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=True),
        sa.Column('tries', sa.SmallInteger(), server_default='0', nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('provider_id', sa.Text(), nullable=True),
        sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_answer_agency_id')),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_answer_report_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
        sa.UniqueConstraint('key', name=op.f('uq_answer_key')),
    )
    op.create_index(op.f('ix_answer_report_id'), 'answer', ['report_id'], unique=False)
    op.create_index('ix_answer_waiting', 'answer', ['not_before'], unique=False, postgresql_where=sa.text('sent_at IS NULL AND parked_at IS NULL'))
    op.create_index('ix_answer_provider_id', 'answer', ['provider_id'], unique=False, postgresql_where=sa.text('provider_id IS NOT NULL'))
    op.create_index('ix_answer_created_at', 'answer', ['created_at'], unique=False)


def downgrade():
    op.drop_table('answer')
    op.drop_table('dialogue')
    op.drop_table('inbound_event')
    op.drop_index('ix_reporter_identity_email_mark', table_name='reporter_identity', postgresql_where=sa.text('email_mark IS NOT NULL'))
    op.drop_index('ix_reporter_identity_phone_mark', table_name='reporter_identity', postgresql_where=sa.text('phone_mark IS NOT NULL'))
    op.drop_column('reporter_identity', 'email_mark')
    op.drop_column('reporter_identity', 'phone_mark')

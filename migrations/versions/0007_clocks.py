"""The clocks act: the rungs of the ladder, what was erased when, and where a wait began anew.

No row is rewritten: a report that no ladder has looked at yet is one that it looks at next.
"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('escalation',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('rung', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_escalation_agency_id')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_escalation_opd_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_escalation_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation'))
    )
    op.create_index('uq_escalation_rung', 'escalation', ['report_id', 'rung', 'due_on', 'opd_id'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('erasure',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('files', sa.SmallInteger(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_erasure_agency_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_erasure_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure'))
    )
    op.create_index(op.f('ix_erasure_report_id'), 'erasure', ['report_id'], unique=False)
    op.add_column('report', sa.Column('wait_restarted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('report', sa.Column('ladder_on', sa.Date(), nullable=True))
    op.create_index('ix_report_ladder', 'report', ['ladder_on'], unique=False, postgresql_where=sa.text("status IN ('unverified', 'forwarded', 'in_process', 'awaiting_approval') AND due_on IS NOT NULL AND NOT imported"))


def downgrade():
    op.drop_index('ix_report_ladder', table_name='report')
    op.drop_column('report', 'ladder_on')
    op.drop_column('report', 'wait_restarted_at')
    op.drop_table('erasure')
    op.drop_table('escalation')

"""Who had the file of a report made for the Ombudsman, and what waits for a first follow-up.

A new table, and a small index of few reports: writers wait a second or two at a million, readers never.
"""

import sqlalchemy as sa
from alembic import op

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'ombudsman_bundle',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('report_id', sa.BigInteger(), nullable=False),
        sa.Column('user_id', sa.BigInteger(), nullable=False),
        sa.Column('basis', sa.String(length=32), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_ombudsman_bundle_report_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_ombudsman_bundle_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ombudsman_bundle')),
    )
    op.create_index('ix_ombudsman_bundle_report_id', 'ombudsman_bundle', ['report_id'])
    op.create_index(
        'ix_report_not_acted_on',
        'report',
        ['agency_id', 'received_on'],
        postgresql_where=sa.text("status = 'forwarded' OR status = 'unverified' AND returned"),
    )


def downgrade():
    op.drop_index('ix_report_not_acted_on', 'report')
    op.drop_table('ombudsman_bundle')

"""Outlines of areas, and the points of reports.

Both stand apart from the tables that everyday pages read: nothing grows there. Who follows a report is
no table of its own: it is a report merged with that one (see `services/followers.py`).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('area_shape',
    sa.Column('area_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('west', sa.Double(), nullable=False),
    sa.Column('south', sa.Double(), nullable=False),
    sa.Column('east', sa.Double(), nullable=False),
    sa.Column('north', sa.Double(), nullable=False),
    sa.Column('rings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('outline', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_area_shape_area_id_area')),
    sa.PrimaryKeyConstraint('area_id', name=op.f('pk_area_shape'))
    )
    op.create_table('report_point',
    sa.Column('report_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('latitude', sa.Double(), nullable=False),
    sa.Column('longitude', sa.Double(), nullable=False),
    sa.Column('accuracy', sa.BigInteger(), nullable=True),
    sa.Column('outside', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_report_point_report_id_report')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_report_point'))
    )
    op.create_index('ix_report_point_place', 'report_point', ['latitude', 'longitude'])
    op.add_column('outbox', sa.Column('about_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_outbox_about_id_report'), 'outbox', 'report', ['about_id'], ['id'], postgresql_not_valid=True)
    op.execute("ALTER TABLE outbox VALIDATE CONSTRAINT fk_outbox_about_id_report")
    op.create_index('uq_outbox_follower', 'outbox', ['about_id', 'sequence', 'report_id', 'kind'], unique=True, postgresql_where=sa.text('about_id IS NOT NULL'))
    op.drop_index('uq_outbox_reporter', table_name='outbox')
    op.create_index('uq_outbox_reporter', 'outbox', ['report_id', 'sequence', 'kind'], unique=True, postgresql_where=sa.text('user_id IS NULL AND about_id IS NULL'))
    op.create_index('ix_report_hidden', 'report', ['agency_id', 'received_on', 'holder_opd_id', 'status', 'returned'], unique=False, postgresql_where=sa.text('confidential OR about_conduct OR about_service'))


def downgrade():
    op.drop_index('ix_report_hidden', table_name='report')
    # Nobody of old knows what these tell of.
    op.execute('DELETE FROM outbox WHERE about_id IS NOT NULL')
    op.drop_index('uq_outbox_reporter', table_name='outbox')
    op.create_index('uq_outbox_reporter', 'outbox', ['report_id', 'sequence', 'kind'], unique=True, postgresql_where=sa.text('user_id IS NULL'))
    op.drop_index('uq_outbox_follower', table_name='outbox')
    op.drop_column('outbox', 'about_id')
    op.drop_table('report_point')
    op.drop_table('area_shape')

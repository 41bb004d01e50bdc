"""What looks like a robot's is counted on every page of the queue: an index of those alone."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade():
    op.create_index(
        'ix_report_quarantined', 'report', ['agency_id', 'status', 'about_service'], unique=False,
        postgresql_where=sa.text('quarantined'),
    )


def downgrade():
    op.execute('DROP INDEX ix_report_quarantined')

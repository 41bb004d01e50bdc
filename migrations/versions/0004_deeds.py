"""Where two clocks start anew: in the verification queue, and after a reopening."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('report', sa.Column('queued_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('report', sa.Column('finish_started_at', sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column('report', 'finish_started_at')
    op.drop_column('report', 'queued_at')

"""Messages that came in and could not be read: found quickly, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("inbound_event", sa.Column("reason", sa.Text(), nullable=True))
    # The table holds the events of one month.
    op.create_index(
        "ix_inbound_event_failed",
        "inbound_event",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("outcome = 'failed'"),
    )


def downgrade():
    op.drop_index(
        "ix_inbound_event_failed",
        table_name="inbound_event",
        postgresql_where=sa.text("outcome = 'failed'"),
    )
    op.drop_column("inbound_event", "reason")

"""Where an office asked for more time and waits for its supervisor: a handful, found without its other reports.

The index is built beside its readers and writers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        # What a try that had to give way has left is removed first.
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_report_asks_for_time")
        op.create_index(
            "ix_report_asks_for_time",
            "report",
            ["holder_opd_id"],
            unique=False,
            postgresql_where=sa.text("time_asked_until IS NOT NULL AND time_granted IS NULL"),
            postgresql_concurrently=True,
        )


def downgrade():
    op.drop_index("ix_report_asks_for_time", table_name="report")

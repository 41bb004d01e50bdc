"""What an office holds in one state: found without its other reports, finished ones the newest first.

The indexes are built beside their readers and writers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

OPEN = "status NOT IN ('finished', 'archived', 'outside_authority', 'merged')"
INDEXES = (
    ("ix_report_open_by_holder_and_status", ["holder_opd_id", "status", "due_on", "id"], OPEN),
    ("ix_report_finished_by_holder", ["holder_opd_id", "received_on", "id"], "status = 'finished'"),
)


def upgrade():
    with op.get_context().autocommit_block():
        for name, columns, condition in INDEXES:
            # What a try that had to give way has left is removed first.
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(
                name,
                "report",
                columns,
                unique=False,
                postgresql_where=sa.text(condition),
                postgresql_concurrently=True,
            )


def downgrade():
    for name, _, _ in INDEXES:
        op.drop_index(name, table_name="report")

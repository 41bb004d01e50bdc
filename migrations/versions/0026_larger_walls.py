"""How much larger than the screen needs it a meeting's walls are written."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "steering",
        sa.Column("larger", sa.SmallInteger(), server_default="0", nullable=False),
    )


def downgrade():
    op.drop_column("steering", "larger")

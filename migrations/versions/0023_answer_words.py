"""How many words of its own a first answer needs to say something: the city's choice."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column(
        "agency",
        sa.Column("answer_words", sa.SmallInteger(), server_default="2", nullable=False),
    )


def downgrade():
    op.drop_column("agency", "answer_words")

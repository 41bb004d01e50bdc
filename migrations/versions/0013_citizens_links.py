"""Nothing to change: the links of messages and stopped news came with the outbox, in 0008.

Kept, for later migrations follow it.
"""

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass

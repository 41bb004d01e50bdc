"""First answers that say nothing, and how often a report was handed on: quality beside speed.

Of answers that were there before nothing is known, so the column is empty for them. Both indexes hold
what the figures ask for, so that they need not look at the rows.
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('disposition', sa.Column('says_nothing', sa.Boolean(), nullable=True))
    op.create_index(
        'ix_disposition_first_answer', 'disposition', ['agency_id', 'received_on'], unique=False,
        postgresql_include=['opd_id', 'says_nothing'],
        postgresql_where=sa.text("kind = 'responsible' AND says_nothing IS NOT NULL"),
    )
    op.create_index(
        'ix_disposition_handed_on', 'disposition', ['agency_id', 'received_on'], unique=False,
        postgresql_include=['opd_id', 'report_id'],
        postgresql_where=sa.text("kind = 'responsible' AND end_reason IN ('returned', 'reassigned')"),
    )


def downgrade():
    op.drop_index('ix_disposition_handed_on', table_name='disposition')
    op.drop_index('ix_disposition_first_answer', table_name='disposition')
    op.drop_column('disposition', 'says_nothing')

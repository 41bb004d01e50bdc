"""What somebody waits for, what the clock started last, and why a job failed.

Three new tables that nothing else points at: nobody waits for this migration.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'long_job',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('user_id', sa.BigInteger(), nullable=False),
        sa.Column('job', sa.String(length=32), nullable=False),
        sa.Column('arguments', postgresql.JSONB(), nullable=False),
        sa.Column('title', sa.Text(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('queue_job_id', sa.BigInteger(), nullable=True),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('file_name', sa.Text(), nullable=True),
        sa.Column('media_type', sa.Text(), nullable=True),
        sa.Column('size', sa.BigInteger(), nullable=True),
        sa.Column('blob', sa.Text(), nullable=True),
        sa.Column('wrapped_key', sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_long_job_agency_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_long_job_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_long_job')),
    )
    op.create_index('ix_long_job_user_id', 'long_job', ['user_id'])
    op.create_index('ix_long_job_created_at', 'long_job', ['created_at'])
    op.create_index('ix_long_job_unfinished', 'long_job', ['id'], postgresql_where=sa.text("state IN ('waiting', 'running')"))
    op.create_table(
        'schedule_run',
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('succeeded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('failed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('milliseconds', sa.Integer(), nullable=True),
        sa.Column('error', sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_schedule_run')),
    )
    op.create_table(
        'job_failure',
        sa.Column('job_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('error', sa.Text(), nullable=False),
        sa.Column('failed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('job_id', name=op.f('pk_job_failure')),
    )
    op.create_index('ix_job_failure_failed_at', 'job_failure', ['failed_at'])


def downgrade():
    op.drop_table('job_failure')
    op.drop_table('schedule_run')
    op.drop_table('long_job')

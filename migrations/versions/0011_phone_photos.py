"""Photos that come in pieces, and from which address those came whose report is not sent yet.

Two new tables, a column that old rows leave empty, and a small index: nobody waits for this
migration longer than reading the reports once takes.
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'file_upload',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('report_id', sa.BigInteger(), nullable=False),
        sa.Column('history_sequence', sa.BigInteger(), nullable=True),
        sa.Column('sender_name', sa.Text(), nullable=True),
        sa.Column('original_name', sa.Text(), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('received', sa.BigInteger(), server_default='0', nullable=False),
        sa.Column('wrapped_key', sa.LargeBinary(), nullable=True),
        sa.Column('attachment_id', sa.BigInteger(), nullable=True),
        sa.Column('address_hash', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('received >= 0 AND received <= size', name=op.f('ck_file_upload_received')),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_file_upload_agency_id')),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_file_upload_report_id')),
        sa.ForeignKeyConstraint(['attachment_id'], ['attachment.id'], name=op.f('fk_file_upload_attachment_id'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_file_upload')),
        sa.UniqueConstraint('report_id', 'sender_name', name=op.f('uq_file_upload_report_id_sender_name')),
    )
    op.create_index('ix_file_upload_address_hash', 'file_upload', ['address_hash', 'created_at'])
    op.create_index('ix_file_upload_expires_at', 'file_upload', ['expires_at'])
    op.create_index('ix_file_upload_attachment_id', 'file_upload', ['attachment_id'])
    op.create_table(
        'upload_piece',
        sa.Column('upload_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('start', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['upload_id'], ['file_upload.id'], name=op.f('fk_upload_piece_upload_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('upload_id', 'start', name=op.f('pk_upload_piece')),
    )
    op.create_index('ix_report_quarantined', 'report', ['agency_id'], postgresql_where=sa.text("quarantined AND status = 'unverified'"))
    op.add_column('attachment', sa.Column('address_hash', sa.LargeBinary(), nullable=True))


def downgrade():
    op.drop_column('attachment', 'address_hash')
    op.drop_index('ix_report_quarantined', table_name='report')
    op.drop_table('upload_piece')
    op.drop_table('file_upload')

"""Work in an office: the accused person, the sub-unit at work, a report split in two, what was read,
checklists and canned answers.

The new columns of a report are empty for nearly all of them, and their indexes hold the others only.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

COLUMNS = (
    ('report', 'accused_user_id', 'user'),
    ('report', 'assigned_opd_id', 'opd'),
    ('report', 'split_from_id', 'report'),
    ('disposition', 'first_read_by_id', 'user'),
)


def upgrade():
    for table, column, other in COLUMNS:
        op.add_column(table, sa.Column(column, sa.BigInteger(), nullable=True))
        # All its rows are empty: nothing to look at, and nobody is kept waiting for it.
        name = f'fk_{table}_{column}'
        op.create_foreign_key(op.f(name), table, other, [column], ['id'], postgresql_not_valid=True)
        op.execute(f'ALTER TABLE {table} VALIDATE CONSTRAINT {name}')
    op.add_column('disposition', sa.Column('first_read_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        'ALTER TABLE report ADD CONSTRAINT ck_report_never_assigned_to_the_accused'
        ' CHECK (assignee_id IS DISTINCT FROM accused_user_id OR assignee_id IS NULL) NOT VALID'
    )
    op.execute('ALTER TABLE report VALIDATE CONSTRAINT ck_report_never_assigned_to_the_accused')
    for column in ('accused_user_id', 'assigned_opd_id', 'split_from_id'):
        op.create_index(
            f'ix_report_{column}', 'report', [column], unique=False,
            postgresql_where=sa.text(f'{column} IS NOT NULL'),
        )
    make_checklist()
    make_canned_texts()


def make_checklist():
    op.create_table('checklist_item',
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('added_by_id', sa.BigInteger(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_by_id', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(done_at IS NULL) = (done_by_id IS NULL)', name=op.f('ck_checklist_item_done_by_somebody')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_checklist_item_added_by_id')),
    sa.ForeignKeyConstraint(['done_by_id'], ['user.id'], name=op.f('fk_checklist_item_done_by_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_checklist_item_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_item'))
    )
    op.create_index(op.f('ix_checklist_item_report_id'), 'checklist_item', ['report_id'], unique=False)


def make_canned_texts():
    op.create_table('canned_text',
    sa.Column('id', sa.BigInteger(), autoincrement=True, nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('changed_by_id', sa.BigInteger(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_canned_text_agency_id')),
    sa.ForeignKeyConstraint(['changed_by_id'], ['user.id'], name=op.f('fk_canned_text_changed_by_id')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_canned_text_opd_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_text')),
    sa.UniqueConstraint('agency_id', 'opd_id', 'title', name=op.f('uq_canned_text_agency_id_opd_id_title'), postgresql_nulls_not_distinct=True)
    )


def downgrade():
    op.drop_table('canned_text')
    op.drop_table('checklist_item')
    op.drop_constraint('ck_report_never_assigned_to_the_accused', 'report')
    op.drop_column('disposition', 'first_read_at')
    for table, column, _ in COLUMNS:
        op.drop_column(table, column)

"""Coordination meetings (rakor): agenda, attendance, commitments, steering, walls.

Only new tables: nobody waits for this migration. A commitment points at the row of history that
recorded it, so that a deed taken back takes its commitment along.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade():
    op.create_table(
        'meeting',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('place', sa.Text(), nullable=False),
        sa.Column('held_on', sa.Date(), nullable=False),
        sa.Column('period_start', sa.Date(), nullable=False),
        sa.Column('period_end', sa.Date(), nullable=False),
        sa.Column('chair', sa.Text(), nullable=False),
        sa.Column('note_taker', sa.Text(), nullable=False),
        sa.Column('minutes', sa.Text(), nullable=False),
        sa.Column('created_by_id', sa.BigInteger(), nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.Column('opened_at', INSTANT, nullable=True),
        sa.Column('closed_at', INSTANT, nullable=True),
        sa.Column('figures_at_opening', postgresql.JSONB(), nullable=True),
        sa.Column('figures_at_closing', postgresql.JSONB(), nullable=True),
        sa.CheckConstraint('closed_at IS NULL OR opened_at IS NOT NULL', name=op.f('ck_meeting_closed_after_opened')),
        sa.CheckConstraint('period_end >= period_start', name=op.f('ck_meeting_period')),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_meeting_agency_id')),
        sa.ForeignKeyConstraint(['created_by_id'], ['user.id'], name=op.f('fk_meeting_created_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    )
    op.create_index('ix_meeting_held', 'meeting', ['agency_id', 'held_on', 'id'])

    op.create_table(
        'agenda_item',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('meeting_id', sa.BigInteger(), nullable=False),
        sa.Column('opd_id', sa.BigInteger(), nullable=False),
        sa.Column('position', sa.BigInteger(), nullable=False),
        sa.Column('begun_at', INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_agenda_item_opd_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item')),
        sa.UniqueConstraint('meeting_id', 'opd_id', name=op.f('uq_agenda_item_meeting_id_opd_id')),
        sa.UniqueConstraint(
            'meeting_id', 'position', name=op.f('uq_agenda_item_meeting_id_position'), deferrable=True, initially='DEFERRED'
        ),
    )

    op.create_table(
        'agenda_case',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('item_id', sa.BigInteger(), nullable=False),
        sa.Column('report_id', sa.BigInteger(), nullable=False),
        sa.Column('position', sa.BigInteger(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('discussed_at', INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_agenda_case_item_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_agenda_case_report_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_case')),
        sa.UniqueConstraint('item_id', 'report_id', name=op.f('uq_agenda_case_item_id_report_id')),
    )
    op.create_index(op.f('ix_agenda_case_item_id'), 'agenda_case', ['item_id'])

    op.create_table(
        'attendance',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('meeting_id', sa.BigInteger(), nullable=False),
        sa.Column('opd_id', sa.BigInteger(), nullable=True),
        sa.Column('name', sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_attendance_opd_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    )
    op.create_index(op.f('ix_attendance_meeting_id'), 'attendance', ['meeting_id'])
    op.create_index(
        'uq_attendance_opd', 'attendance', ['meeting_id', 'opd_id'], unique=True, postgresql_where=sa.text('opd_id IS NOT NULL')
    )

    op.create_table(
        'commitment',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('meeting_id', sa.BigInteger(), nullable=False),
        sa.Column('report_id', sa.BigInteger(), nullable=False),
        sa.Column('sequence', sa.BigInteger(), nullable=False),
        sa.Column('opd_id', sa.BigInteger(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('responsible', sa.Text(), nullable=False),
        sa.Column('made_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_commitment_meeting_id')),
        sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_commitment_opd_id')),
        sa.ForeignKeyConstraint(['report_id'], ['report.id'], name='fk_commitment_report'),
        sa.ForeignKeyConstraint(
            ['report_id', 'sequence'], ['history.report_id', 'history.sequence'], name='fk_commitment_recorded_by'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commitment')),
        sa.UniqueConstraint('report_id', 'sequence', name=op.f('uq_commitment_report_id_sequence')),
    )
    op.create_index('ix_commitment_meeting', 'commitment', ['meeting_id', 'id'])
    op.create_index('ix_commitment_of_opd', 'commitment', ['opd_id', 'report_id'])

    op.create_table(
        'steering',
        sa.Column('meeting_id', sa.BigInteger(), nullable=False),
        sa.Column('mode', sa.String(length=32), nullable=False),
        sa.Column('page', sa.BigInteger(), nullable=False),
        sa.Column('item_id', sa.BigInteger(), nullable=True),
        sa.Column('case_id', sa.BigInteger(), nullable=True),
        sa.Column('draft_on', sa.Date(), nullable=True),
        sa.Column('blank', sa.Boolean(), nullable=False),
        sa.Column('frozen', sa.Boolean(), nullable=False),
        sa.Column('version', sa.BigInteger(), nullable=False),
        sa.Column('user_id', sa.BigInteger(), nullable=True),
        sa.Column('steered_at', INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['case_id'], ['agenda_case.id'], name=op.f('fk_steering_case_id'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['item_id'], ['agenda_item.id'], name=op.f('fk_steering_item_id'), ondelete='SET NULL'),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_steering_meeting_id'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_steering_user_id')),
        sa.PrimaryKeyConstraint('meeting_id', name=op.f('pk_steering')),
    )

    op.create_table(
        'wall',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.Column('meeting_id', sa.BigInteger(), nullable=True),
        sa.Column('bound_at', INSTANT, nullable=True),
        sa.Column('seen_at', INSTANT, nullable=False),
        sa.Column('revoked_at', INSTANT, nullable=True),
        sa.CheckConstraint("code ~ '^[0-9]{6}$'", name=op.f('ck_wall_six_digits')),
        sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_wall_meeting_id'), ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_wall')),
    )
    op.create_index(op.f('ix_wall_meeting_id'), 'wall', ['meeting_id'])
    op.create_index('uq_wall_code', 'wall', ['code'], unique=True, postgresql_where=sa.text('revoked_at IS NULL'))


def downgrade():
    for table in ('wall', 'steering', 'commitment', 'attendance', 'agenda_case', 'agenda_item', 'meeting'):
        op.drop_table(table)

"""The foundation: agency, offices, people, reports, their history, clocks and outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('agency',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('service_name', sa.Text(), nullable=False),
    sa.Column('number_prefix', sa.Text(), nullable=False),
    sa.Column('timezone', sa.Text(), nullable=False),
    sa.Column('sp4n_id', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency')),
    sa.UniqueConstraint('code', name=op.f('uq_agency_code')),
    sa.UniqueConstraint('number_prefix', name=op.f('uq_agency_number_prefix'))
    )
    op.create_table('login_attempt',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('subject', sa.LargeBinary(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    op.create_index('ix_login_attempt_subject', 'login_attempt', ['subject', 'at'], unique=False)
    op.create_table('area',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_area_agency_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['area.id'], name=op.f('fk_area_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_area')),
    sa.UniqueConstraint('agency_id', 'code', name=op.f('uq_area_agency_id_code'))
    )
    op.create_table('calendar_version',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_calendar_version_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_version'))
    )
    op.create_index(op.f('ix_calendar_version_agency_id'), 'calendar_version', ['agency_id'], unique=False)
    op.create_table('limit',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('step', sa.String(length=32), nullable=False),
    sa.Column('classification', sa.String(length=32), nullable=True),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.Column('amber_days', sa.BigInteger(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.CheckConstraint('days > 0', name=op.f('ck_limit_days_positive')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_limit_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_limit'))
    )
    op.create_index('uq_limit_step', 'limit', ['agency_id', 'step', 'classification', 'valid_from'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('holiday',
    sa.Column('calendar_id', sa.BigInteger(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar_version.id'], name=op.f('fk_holiday_calendar_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('calendar_id', 'date', name=op.f('pk_holiday'))
    )
    op.create_table('opd',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('short_name', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('reports_as_id', sa.BigInteger(), nullable=True),
    sa.Column('area_id', sa.BigInteger(), nullable=True),
    sa.Column('sp4n_id', sa.BigInteger(), nullable=True),
    sa.Column('sp4n_name', sa.Text(), nullable=True),
    sa.Column('keywords', sa.Text(), server_default='', nullable=False),
    sa.Column('needs_approval', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_opd_agency_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_opd_area_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['opd.id'], name=op.f('fk_opd_parent_id')),
    sa.ForeignKeyConstraint(['reports_as_id'], ['opd.id'], name=op.f('fk_opd_reports_as_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opd')),
    sa.UniqueConstraint('agency_id', 'code', name=op.f('uq_opd_agency_id_code'))
    )
    op.create_index('uq_opd_sp4n_id', 'opd', ['agency_id', 'sp4n_id'], unique=True)
    op.create_table('category',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('sp4n_id', sa.BigInteger(), nullable=True),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_category_agency_id')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_category_opd_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['category.id'], name=op.f('fk_category_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_category')),
    sa.UniqueConstraint('agency_id', 'code', name=op.f('uq_category_agency_id_code'))
    )
    op.create_index('uq_category_sp4n_id', 'category', ['agency_id', 'sp4n_id'], unique=True)
    op.create_table('user',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('username', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('password_hash', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('shortcuts', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role NOT IN ('liaison', 'supervisor', 'inspector') OR opd_id IS NOT NULL", name=op.f('ck_user_unit_role_has_opd')),
    sa.CheckConstraint("role NOT IN ('reporter', 'system')", name=op.f('ck_user_role_has_account')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_user_agency_id')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_user_opd_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('username', name=op.f('uq_user_username'))
    )
    op.create_index(op.f('ix_user_opd_id'), 'user', ['opd_id'], unique=False)
    op.create_table('invitation',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_invitation_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_invitation'))
    )
    op.create_index(op.f('ix_invitation_user_id'), 'invitation', ['user_id'], unique=False)
    op.create_table('login_session',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_login_session_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_login_session'))
    )
    op.create_index(op.f('ix_login_session_user_id'), 'login_session', ['user_id'], unique=False)
    op.create_table('report',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=True),
    sa.Column('content_hash', sa.LargeBinary(), nullable=True),
    sa.Column('receipt_hash', sa.LargeBinary(), nullable=True),
    sa.Column('tracking_id', sa.Text(), nullable=True),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('source_account', sa.Text(), nullable=True),
    sa.Column('entered_by_id', sa.BigInteger(), nullable=True),
    sa.Column('imported', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('quarantined', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('story', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('area_id', sa.BigInteger(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('title', sa.Text(), nullable=True),
    sa.Column('public_text', sa.Text(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=True),
    sa.Column('classification', sa.String(length=32), nullable=True),
    sa.Column('category_id', sa.BigInteger(), nullable=True),
    sa.Column('anonymous', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('confidential', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('about_conduct', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('about_service', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('accused_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('status_before_hold', sa.String(length=32), nullable=True),
    sa.Column('returned', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('holder_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('assignee_id', sa.BigInteger(), nullable=True),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('finish_mode', sa.String(length=32), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('outcome_on', sa.Date(), nullable=True),
    sa.Column('archive_reason', sa.String(length=32), nullable=True),
    sa.Column('belongs_to', sa.Text(), nullable=True),
    sa.Column('rating', sa.SmallInteger(), nullable=True),
    sa.Column('has_evidence', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('reopened_count', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('return_count', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('objected', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('ombudsman_consent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('promised_on', sa.Date(), nullable=True),
    sa.Column('time_asked_until', sa.Date(), nullable=True),
    sa.Column('time_granted', sa.Boolean(), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_follow_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('verification_limit', sa.SmallInteger(), nullable=True),
    sa.Column('follow_up_limit', sa.SmallInteger(), nullable=True),
    sa.Column('finish_limit', sa.SmallInteger(), nullable=True),
    sa.Column('silence_limit', sa.SmallInteger(), nullable=True),
    sa.Column('hold_limit', sa.SmallInteger(), nullable=True),
    sa.Column('calendar_id', sa.BigInteger(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('follow_up_due_on', sa.Date(), nullable=True),
    sa.Column('waiting_from', sa.Date(), nullable=True),
    sa.Column('pace_days', sa.SmallInteger(), nullable=True),
    sa.Column('completion_days', sa.SmallInteger(), nullable=True),
    sa.CheckConstraint("(status = 'archived') = (archive_reason IS NOT NULL)", name=op.f('ck_report_archived_has_reason')),
    sa.CheckConstraint("(status = 'finished') = (finished_at IS NOT NULL) AND (status <> 'finished' OR finish_mode IS NOT NULL)", name=op.f('ck_report_finished_has_event')),
    sa.CheckConstraint("(status = 'merged') = (parent_id IS NOT NULL)", name=op.f('ck_report_merged_has_parent')),
    sa.CheckConstraint("status NOT IN ('forwarded', 'in_process', 'awaiting_approval', 'awaiting_reporter') OR holder_opd_id IS NOT NULL OR imported", name=op.f('ck_report_handled_has_holder')),
    sa.CheckConstraint('holder_opd_id IS DISTINCT FROM accused_opd_id OR holder_opd_id IS NULL', name=op.f('ck_report_never_held_by_the_accused')),
    sa.CheckConstraint('parent_id <> id', name=op.f('ck_report_not_its_own_parent')),
    sa.CheckConstraint('rating BETWEEN 1 AND 5', name=op.f('ck_report_rating_in_range')),
    sa.ForeignKeyConstraint(['accused_opd_id'], ['opd.id'], name=op.f('fk_report_accused_opd_id')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_report_agency_id')),
    sa.ForeignKeyConstraint(['area_id'], ['area.id'], name=op.f('fk_report_area_id')),
    sa.ForeignKeyConstraint(['assignee_id'], ['user.id'], name=op.f('fk_report_assignee_id')),
    sa.ForeignKeyConstraint(['calendar_id'], ['calendar_version.id'], name=op.f('fk_report_calendar_id')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_report_category_id')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['user.id'], name=op.f('fk_report_entered_by_id')),
    sa.ForeignKeyConstraint(['holder_opd_id'], ['opd.id'], name=op.f('fk_report_holder_opd_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['report.id'], name=op.f('fk_report_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('agency_id', 'key_hash', name=op.f('uq_report_agency_id_key_hash')),
    sa.UniqueConstraint('agency_id', 'tracking_id', name=op.f('uq_report_agency_id_tracking_id')),
    sa.UniqueConstraint('number', name=op.f('uq_report_number'))
    )
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=True),
    sa.Column('history_sequence', sa.BigInteger(), nullable=True),
    sa.Column('key_hash', sa.LargeBinary(), nullable=True),
    sa.Column('by_reporter', sa.Boolean(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('original_name', sa.Text(), nullable=False),
    sa.Column('alt_text', sa.Text(), server_default='', nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('wrapped_key', sa.LargeBinary(), nullable=True),
    sa.Column('original_blob', sa.Text(), nullable=True),
    sa.Column('clean_blob', sa.Text(), nullable=True),
    sa.Column('thumbnail_blob', sa.Text(), nullable=True),
    sa.Column('width', sa.BigInteger(), nullable=True),
    sa.Column('height', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('report_id IS NOT NULL OR key_hash IS NOT NULL', name=op.f('ck_attachment_belongs')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_attachment_agency_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_attachment_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    op.create_index(op.f('ix_attachment_key_hash'), 'attachment', ['key_hash'], unique=False)
    op.create_index(op.f('ix_attachment_report_id'), 'attachment', ['report_id'], unique=False)
    op.create_table('disposition',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_sequence', sa.BigInteger(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_sequence', sa.BigInteger(), nullable=True),
    sa.Column('end_reason', sa.String(length=32), nullable=True),
    sa.Column('first_follow_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('waiting', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('waiting_from', sa.Date(), nullable=True),
    sa.Column('follow_up_due_on', sa.Date(), nullable=True),
    sa.Column('pace_days', sa.SmallInteger(), nullable=True),
    sa.Column('in_time', sa.Boolean(), nullable=True),
    sa.CheckConstraint('(ended_at IS NULL) = (end_reason IS NULL)', name=op.f('ck_disposition_end_has_reason')),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_disposition_agency_id')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_disposition_opd_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_disposition_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disposition'))
    )
    op.create_index(op.f('ix_disposition_opd_id'), 'disposition', ['opd_id'], unique=False)
    op.create_index(op.f('ix_disposition_report_id'), 'disposition', ['report_id'], unique=False)
    op.create_index('uq_disposition_opd', 'disposition', ['report_id', 'opd_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_index('uq_disposition_responsible', 'disposition', ['report_id'], unique=True, postgresql_where=sa.text("kind = 'responsible' AND ended_at IS NULL"))
    op.create_table('history',
    sa.Column('report_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('sequence', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('previous', sa.BigInteger(), nullable=True),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('from_status', sa.String(length=32), nullable=True),
    sa.Column('to_status', sa.String(length=32), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('doer_name', sa.Text(), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('opd_name', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('visible', sa.Boolean(), nullable=False),
    sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('undoes', sa.BigInteger(), nullable=True),
    sa.Column('undone', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('reporter', 'system') OR user_id IS NOT NULL", name=op.f('ck_history_officer_is_known')),
    sa.CheckConstraint('sequence = 1 AND previous IS NULL OR previous = sequence - 1', name=op.f('ck_history_no_gap')),
    sa.ForeignKeyConstraint(['opd_id'], ['opd.id'], name=op.f('fk_history_opd_id')),
    sa.ForeignKeyConstraint(['report_id', 'previous'], ['history.report_id', 'history.sequence'], name='fk_history_previous'),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_history_report_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_history_user_id')),
    sa.PrimaryKeyConstraint('report_id', 'sequence', name=op.f('pk_history')),
    sa.UniqueConstraint('report_id', 'sequence', 'to_status', name=op.f('uq_history_report_id_sequence_to_status'))
    )
    op.create_table('hold',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_sequence', sa.BigInteger(), nullable=False),
    sa.Column('ended_sequence', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_hold_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hold'))
    )
    op.create_index(op.f('ix_hold_report_id'), 'hold', ['report_id'], unique=False)
    op.create_index('uq_hold_open', 'hold', ['report_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL'))
    op.create_table('identity_reveal',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_identity_reveal_report_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_identity_reveal_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_reveal'))
    )
    op.create_index(op.f('ix_identity_reveal_report_id'), 'identity_reveal', ['report_id'], unique=False)
    op.create_table('outbox',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('report_id', sa.BigInteger(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_outbox_agency_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_outbox_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('report_id', 'sequence', 'kind', name=op.f('uq_outbox_report_id_sequence_kind'))
    )
    op.create_index('ix_outbox_waiting', 'outbox', ['not_before'], unique=False, postgresql_where=sa.text('sent_at IS NULL AND cancelled_at IS NULL'))
    op.create_table('reporter_identity',
    sa.Column('report_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('wrapped_key', sa.LargeBinary(), nullable=True),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('has_contact', sa.Boolean(), server_default=sa.text('false'), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_reporter_identity_report_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_reporter_identity'))
    )
    # The two tables need each other: a report is explained by its newest history row.
    op.create_foreign_key('fk_report_latest_history', 'report', 'history', ['id', 'version', 'status'], ['report_id', 'sequence', 'to_status'], initially='DEFERRED', deferrable=True)


def downgrade():
    op.drop_constraint('fk_report_latest_history', 'report', type_='foreignkey')
    op.drop_table('reporter_identity')
    op.drop_index('ix_outbox_waiting', table_name='outbox', postgresql_where=sa.text('sent_at IS NULL AND cancelled_at IS NULL'))
    op.drop_table('outbox')
    op.drop_index(op.f('ix_identity_reveal_report_id'), table_name='identity_reveal')
    op.drop_table('identity_reveal')
    op.drop_index('uq_hold_open', table_name='hold', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_hold_report_id'), table_name='hold')
    op.drop_table('hold')
    op.drop_table('history')
    op.drop_index('uq_disposition_responsible', table_name='disposition', postgresql_where=sa.text("kind = 'responsible' AND ended_at IS NULL"))
    op.drop_index('uq_disposition_opd', table_name='disposition', postgresql_where=sa.text('ended_at IS NULL'))
    op.drop_index(op.f('ix_disposition_report_id'), table_name='disposition')
    op.drop_index(op.f('ix_disposition_opd_id'), table_name='disposition')
    op.drop_table('disposition')
    op.drop_index(op.f('ix_attachment_report_id'), table_name='attachment')
    op.drop_index(op.f('ix_attachment_key_hash'), table_name='attachment')
    op.drop_table('attachment')
    op.drop_table('report')
    op.drop_index(op.f('ix_login_session_user_id'), table_name='login_session')
    op.drop_table('login_session')
    op.drop_index(op.f('ix_invitation_user_id'), table_name='invitation')
    op.drop_table('invitation')
    op.drop_index(op.f('ix_user_opd_id'), table_name='user')
    op.drop_table('user')
    op.drop_index('uq_category_sp4n_id', table_name='category')
    op.drop_table('category')
    op.drop_index('uq_opd_sp4n_id', table_name='opd')
    op.drop_table('opd')
    op.drop_table('holiday')
    op.drop_index('uq_limit_step', table_name='limit', postgresql_nulls_not_distinct=True)
    op.drop_table('limit')
    op.drop_index(op.f('ix_calendar_version_agency_id'), table_name='calendar_version')
    op.drop_table('calendar_version')
    op.drop_table('area')
    op.drop_index('ix_login_attempt_subject', table_name='login_attempt')
    op.drop_table('login_attempt')
    op.drop_table('agency')

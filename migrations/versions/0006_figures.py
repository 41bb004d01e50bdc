"""Kept counters of every figure, and the indexes of lists and search.

A change of a report or a disposition costs its writer one appended row (two for an update): what
the figures know of the row, gained (+1) or lost (-1). Every 512th change folds them into the
tallies; reads add up both. What a row counts as is defined in `services/indicators.py`, of which the
views here are the image.
"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

COUNTERS = (
    'finished', 'in_process', 'not_acted_on', 'unverified', 'on_hold', 'archived', 'outside_authority', 'merged',
    'disposed', 'in_time', 'late', 'confirmed', 'automatic', 'by_admin', 'disposed_here', 'returned', 'finished_here',
    'evidence', 'once_finished_here', 'reopened',
)

REPORT_COLUMNS = (
    'agency_id', 'imported', 'received_on', 'holder_opd_id', 'category_id', 'area_id', 'channel', 'classification',
    'status', 'returned', 'confidential', 'about_conduct', 'about_service', 'accused_opd_id', 'ombudsman_consent_at', 'due_on',
    'disposed_at', 'first_follow_up_at', 'follow_up_limit', 'follow_up_due_on', 'waiting_from', 'pace_days',
    'completion_days', 'finish_mode', 'has_evidence', 'rating', 'reopened_count', 'return_count',
)
DISPOSITION_COLUMNS = (
    'agency_id', 'received_on', 'opd_id', 'kind', 'started_sequence', 'end_reason', 'waiting', 'waiting_from',
    'follow_up_due_on', 'pace_days', 'in_time',
)

# One row of `{rows}`: where it stands, what it was, its values, and what an inbox sorts it by.
REPORT_FIGURES = """
    SELECT {sign} AS sign, agency_id, received_on, holder_opd_id AS opd_id, category_id, area_id, channel,
        classification,
        status = 'finished' AS finished,
        status IN ('in_process', 'awaiting_approval', 'awaiting_reporter') AS in_process,
        status = 'forwarded' OR status = 'unverified' AND returned AS not_acted_on,
        status = 'unverified' AND NOT returned AS unverified,
        status = 'on_hold' AS on_hold,
        status = 'archived' AS archived,
        status = 'outside_authority' AS outside_authority,
        status = 'merged' AS merged,
        disposed_at IS NOT NULL OR holder_opd_id IS NOT NULL AS disposed,
        pace_days <= follow_up_limit AS in_time,
        pace_days > follow_up_limit AS late,
        status = 'finished' AND finish_mode = 'confirmed' AS confirmed,
        status = 'finished' AND finish_mode = 'automatic' AS automatic,
        status = 'finished' AND finish_mode = 'by_admin' AS by_admin,
        (disposed_at IS NOT NULL OR holder_opd_id IS NOT NULL) AND NOT imported AS disposed_here,
        return_count > 0 AND NOT imported AS returned,
        status = 'finished' AND NOT imported AS finished_here,
        status = 'finished' AND NOT imported AND has_evidence AS evidence,
        (status = 'finished' OR reopened_count > 0) AND NOT imported AS once_finished_here,
        reopened_count > 0 AND NOT imported AS reopened,
        pace_days AS pace,
        CASE WHEN (status = 'forwarded' OR status = 'unverified' AND returned) AND first_follow_up_at IS NULL
            THEN waiting_from - DATE '1970-01-01' END AS waiting,
        CASE WHEN (status = 'forwarded' OR status = 'unverified' AND returned) AND first_follow_up_at IS NULL
            THEN follow_up_due_on - DATE '1970-01-01' END AS due,
        completion_days AS completion,
        rating,
        status,
        returned AS sent_back,
        confidential, about_conduct, about_service,
        coalesce(classification = 'supervisory', false) AS supervisory,
        ombudsman_consent_at IS NOT NULL AS consented,
        accused_opd_id, due_on
    FROM {rows}
"""
# One row of `{rows}`: a holder's own interval.
DISPOSITION_FIGURES = """
    SELECT {sign} AS sign, agency_id, received_on, opd_id,
        pace_days AS pace,
        CASE WHEN waiting THEN waiting_from - DATE '1970-01-01' END AS waiting,
        CASE WHEN waiting THEN follow_up_due_on - DATE '1970-01-01' END AS due,
        in_time,
        CASE WHEN started_sequence > 1 THEN coalesce(end_reason = 'returned', false) END AS returned
    FROM {rows} WHERE kind = 'responsible' AND end_reason IS DISTINCT FROM 'undone'
"""

COUNTS = f"""
    SELECT agency_id, dimension, span, date_trunc(span, received_on::timestamp)::date AS starts_on, key,
        sum(sign) AS entered,
        {', '.join(f'sum(CASE WHEN {counter} THEN sign ELSE 0 END) AS {counter}' for counter in COUNTERS)}
    FROM {{source}}_figures
    CROSS JOIN (VALUES ('year'), ('month')) AS spans (span)
    CROSS JOIN LATERAL (VALUES
        ('opd', opd_id::text), ('category', category_id::text), ('area', area_id::text), ('channel', channel::text),
        ('classification', classification::text)
    ) AS dimensions (dimension, key)
    GROUP BY 1, 2, 3, 4, 5
"""
# The city's pace runs from the first disposition; each holder's from its own.
VALUES = """
    SELECT agency_id, span, date_trunc(span, received_on::timestamp)::date AS starts_on, measure, opd_id, value,
        sum(sign) AS count
    FROM (
        SELECT sign, agency_id, received_on, measure, measure_opd_id AS opd_id, value::int AS value
        FROM {source}_figures CROSS JOIN LATERAL (VALUES
            ('pace', NULL::bigint, pace::int), ('waiting', NULL, waiting), ('due', NULL, due),
            ('completion', opd_id, completion), ('rating', opd_id, rating)
        ) AS report_values (measure, measure_opd_id, value)
        WHERE value IS NOT NULL
        UNION ALL
        SELECT sign, agency_id, received_on, measure, opd_id, value::int
        FROM {disposition_source}_figures CROSS JOIN LATERAL (VALUES
            ('holder_pace', pace::int), ('holder_waiting', waiting), ('holder_due', due),
            ('holder_in_time', in_time::int), ('holder_returned', returned::int)
        ) AS disposition_values (measure, value)
        WHERE value IS NOT NULL
    ) AS one
    CROSS JOIN (VALUES ('year'), ('month')) AS spans (span)
    GROUP BY 1, 2, 3, 4, 5, 6
"""
QUEUE = """
    SELECT agency_id, by_holder, CASE WHEN by_holder THEN opd_id END AS holder_opd_id, status, sent_back AS returned,
        confidential, about_conduct, about_service, supervisory, consented, accused_opd_id, due_on, sum(sign) AS count
    FROM {source}_figures CROSS JOIN (VALUES (true), (false)) AS levels (by_holder)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
"""
TALLIES = {
    'figure_count': ('counts', ('agency_id', 'dimension', 'span', 'starts_on', 'key'), ('entered', *COUNTERS)),
    'figure_value': ('values', ('agency_id', 'span', 'starts_on', 'measure', 'opd_id', 'value'), ('count',)),
    'queue_count': (
        'queue',
        ('agency_id', 'by_holder', 'holder_opd_id', 'status', 'returned', 'confidential', 'about_conduct',
         'about_service', 'supervisory', 'consented', 'accused_opd_id', 'due_on'),
        ('count',),
    ),
}
STATUS = sa.String(length=32)


def upgrade():
    make_tables()
    make_views()
    make_fold()
    make_triggers('report', REPORT_COLUMNS)
    make_triggers('disposition', DISPOSITION_COLUMNS)
    make_list_indexes()
    make_search_index()


def make_tables():
    op.create_table('report_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
    sa.Column('sign', sa.SmallInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('imported', sa.Boolean(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('holder_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('category_id', sa.BigInteger(), nullable=True),
    sa.Column('area_id', sa.BigInteger(), nullable=True),
    sa.Column('channel', sa.String(length=32), nullable=False),
    sa.Column('classification', sa.String(length=32), nullable=True),
    sa.Column('status', STATUS, nullable=False),
    sa.Column('returned', sa.Boolean(), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('about_conduct', sa.Boolean(), nullable=False),
    sa.Column('about_service', sa.Boolean(), nullable=False),
    sa.Column('accused_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('ombudsman_consent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('disposed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('first_follow_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('follow_up_limit', sa.SmallInteger(), nullable=True),
    sa.Column('follow_up_due_on', sa.Date(), nullable=True),
    sa.Column('waiting_from', sa.Date(), nullable=True),
    sa.Column('pace_days', sa.SmallInteger(), nullable=True),
    sa.Column('completion_days', sa.SmallInteger(), nullable=True),
    sa.Column('finish_mode', sa.String(length=32), nullable=True),
    sa.Column('has_evidence', sa.Boolean(), nullable=False),
    sa.Column('rating', sa.SmallInteger(), nullable=True),
    sa.Column('reopened_count', sa.SmallInteger(), nullable=False),
    sa.Column('return_count', sa.SmallInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report_change'))
    )
    op.create_table('disposition_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(), nullable=False),
    sa.Column('sign', sa.SmallInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('started_sequence', sa.BigInteger(), nullable=False),
    sa.Column('end_reason', sa.String(length=32), nullable=True),
    sa.Column('waiting', sa.Boolean(), nullable=False),
    sa.Column('waiting_from', sa.Date(), nullable=True),
    sa.Column('follow_up_due_on', sa.Date(), nullable=True),
    sa.Column('pace_days', sa.SmallInteger(), nullable=True),
    sa.Column('in_time', sa.Boolean(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disposition_change'))
    )
    op.create_table('figure_count',
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('dimension', sa.Text(), nullable=False),
    sa.Column('span', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('key', sa.Text(), nullable=True),
    *(sa.Column(counter, sa.BigInteger(), nullable=False) for counter in ('entered', *COUNTERS)),
    )
    op.create_table('figure_value',
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('span', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('opd_id', sa.BigInteger(), nullable=True),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('count', sa.BigInteger(), nullable=False),
    )
    op.create_table('queue_count',
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('by_holder', sa.Boolean(), nullable=False),
    sa.Column('holder_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('status', STATUS, nullable=False),
    sa.Column('returned', sa.Boolean(), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('about_conduct', sa.Boolean(), nullable=False),
    sa.Column('about_service', sa.Boolean(), nullable=False),
    sa.Column('supervisory', sa.Boolean(), nullable=False),
    sa.Column('consented', sa.Boolean(), nullable=False),
    sa.Column('accused_opd_id', sa.BigInteger(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('count', sa.BigInteger(), nullable=False),
    )
    for table, (_, key, _) in TALLIES.items():
        op.create_index(f'uq_{table}', table, list(key), unique=True, postgresql_nulls_not_distinct=True)
        # Counters are updated in place, so leave room for that on every page.
        op.execute(f"ALTER TABLE {table} SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)")
    for table in ('report_change', 'disposition_change'):
        # Emptied every 512 rows: vacuum by number, not by share of a table that is mostly air.
        op.execute(f"""
            ALTER TABLE {table} SET (
                autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
                autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0,
                autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000
            )
        """)
    op.create_table('figure_epoch',
    sa.Column('only_row', sa.Boolean(), nullable=False),
    sa.Column('epoch', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('only_row', name=op.f('ck_figure_epoch_only_row')),
    sa.PrimaryKeyConstraint('only_row', name=op.f('pk_figure_epoch'))
    )


def make_views():
    op.execute("CREATE VIEW report_figures AS" + REPORT_FIGURES.format(rows='report', sign='1'))
    op.execute("CREATE VIEW report_change_figures AS" + REPORT_FIGURES.format(rows='report_change', sign='sign'))
    op.execute("CREATE VIEW disposition_figures AS" + DISPOSITION_FIGURES.format(rows='disposition', sign='1'))
    op.execute("CREATE VIEW disposition_change_figures AS" + DISPOSITION_FIGURES.format(rows='disposition_change', sign='sign'))
    for prefix, suffix in (('changed', '_change'), ('true', '')):
        sources = {'source': 'report' + suffix, 'disposition_source': 'disposition' + suffix}
        op.execute(f"CREATE VIEW {prefix}_counts AS" + COUNTS.format(**sources))
        op.execute(f"CREATE VIEW {prefix}_values AS" + VALUES.format(**sources))
        op.execute(f"CREATE VIEW {prefix}_queue AS" + QUEUE.format(**sources))
    # What is read: tally and changes together, in one statement and so at one instant.
    for table, (what, key, counters) in TALLIES.items():
        columns = ', '.join((*key, *counters))
        op.execute(f"CREATE VIEW kept_{what} AS SELECT {columns} FROM {table} UNION ALL SELECT {columns} FROM changed_{what}")


def make_fold():
    # One at a time, and nobody waits for it: who finds another folding leaves it to them. All parts
    # of the statement see one snapshot, so exactly the changes that are added up are deleted.
    parts, empty = [], []
    for table, (what, key, counters) in TALLIES.items():
        columns = ', '.join((*key, *counters))
        added = ', '.join(f'{counter} = {table}.{counter} + excluded.{counter}' for counter in counters)
        nothing = ' AND '.join(f'{table}.{counter} = 0' for counter in counters)
        parts.append(f"""
            {what} AS (
                INSERT INTO {table} ({columns}) SELECT {columns} FROM changed_{what}
                ON CONFLICT ({', '.join(key)}) DO UPDATE SET {added}
                RETURNING {table}.ctid AS place, {nothing} AS nothing
            )""")
        empty.append(table)
    places = ', '.join(
        f"(SELECT array_agg(place) FROM {what} WHERE nothing)" for what, _, _ in TALLIES.values()
    )
    op.execute(f"""
        CREATE FUNCTION fold_figures(wait boolean DEFAULT false) RETURNS boolean LANGUAGE plpgsql AS $$
        DECLARE
            {' '.join(f'{table}_places tid[];' for table in empty)}
        BEGIN
            IF wait THEN
                PERFORM pg_advisory_xact_lock(hashtext('fold_figures'));
            ELSIF NOT pg_try_advisory_xact_lock(hashtext('fold_figures')) THEN
                RETURN false;
            END IF;
            WITH reports AS (DELETE FROM report_change),
            dispositions AS (DELETE FROM disposition_change),
            {', '.join(parts)}
            SELECT {places} INTO {', '.join(f'{table}_places' for table in empty)};
            {' '.join(f'DELETE FROM {table} WHERE ctid = ANY ({table}_places);' for table in empty)}
            INSERT INTO figure_epoch (only_row, epoch) VALUES (true, 1)
            ON CONFLICT (only_row) DO UPDATE SET epoch = figure_epoch.epoch + 1;
            RETURN true;
        END $$
    """)


def make_triggers(table, columns):
    names = ', '.join(columns)
    old, new = (', '.join(f'{row}.{column}' for column in columns) for row in ('OLD', 'NEW'))
    op.execute(f"""
        CREATE FUNCTION note_{table}_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE lost bigint; gained bigint;
        BEGIN
            IF TG_OP <> 'INSERT' THEN
                INSERT INTO {table}_change (sign, {names}) VALUES (-1, {old}) RETURNING id INTO lost;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO {table}_change (sign, {names}) VALUES (1, {new}) RETURNING id INTO gained;
            END IF;
            IF lost % 512 = 0 OR gained % 512 = 0 THEN
                PERFORM fold_figures();
            END IF;
            RETURN NULL;
        END $$
    """)
    op.execute(f"""
        CREATE TRIGGER {table}_comes_or_goes AFTER INSERT OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION note_{table}_change()
    """)
    op.execute(f"""
        CREATE TRIGGER {table}_changes AFTER UPDATE ON {table}
        FOR EACH ROW WHEN (({old}) IS DISTINCT FROM ({new})) EXECUTE FUNCTION note_{table}_change()
    """)


OPEN = "status NOT IN ('finished', 'archived', 'outside_authority', 'merged')"
PUBLISHED = 'verified_at IS NOT NULL AND NOT confidential AND NOT about_conduct AND NOT about_service'


def make_list_indexes():
    # The inbox: nearest deadline first, of the city, of one status, of one office, of one officer.
    op.create_index('ix_report_open_by_due', 'report', ['agency_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text(OPEN))
    op.create_index('ix_report_open_by_status', 'report', ['agency_id', 'status', 'due_on', 'id'], unique=False, postgresql_where=sa.text(OPEN))
    op.create_index('ix_report_open_by_holder', 'report', ['holder_opd_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text(OPEN))
    op.create_index('ix_report_open_by_assignee', 'report', ['assignee_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text(f'assignee_id IS NOT NULL AND {OPEN}'))
    # Everything, newest first; and the edge days of a recap.
    op.create_index('ix_report_received', 'report', ['agency_id', 'received_on', 'id'], unique=False)
    op.create_index('ix_report_received_by_holder', 'report', ['holder_opd_id', 'received_on', 'id'], unique=False, postgresql_where=sa.text('holder_opd_id IS NOT NULL'))
    op.create_index('ix_report_published', 'report', ['agency_id', 'received_on', 'id'], unique=False, postgresql_where=sa.text(PUBLISHED))
    op.create_index('ix_report_entered_by', 'report', ['entered_by_id', 'id'], unique=False, postgresql_where=sa.text('entered_by_id IS NOT NULL'))
    op.create_index('ix_report_parent', 'report', ['parent_id'], unique=False, postgresql_where=sa.text('parent_id IS NOT NULL'))
    op.create_index('ix_disposition_received', 'disposition', ['agency_id', 'received_on'], unique=False)
    op.create_index('ix_disposition_copied_to', 'disposition', ['opd_id', 'report_id'], unique=False, postgresql_where=sa.text("kind = 'tembusan' AND ended_at IS NULL"))


def make_search_index():
    # Beside its words a report has signs for the thousands it belongs to ("#0/12", "#1/3"), so that
    # the index itself can look for a common word among the newest reports only.
    op.execute("""
        CREATE FUNCTION report_words(id bigint, title text, body text, place text) RETURNS tsvector
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT to_tsvector('pg_catalog.indonesian', coalesce(title, '') || ' ' || coalesce(body, '') || ' ' || place)
                || array_to_tsvector(ARRAY[
                    '#0/' || (id / 8192)::text, '#1/' || (id / 32768)::text,
                    '#2/' || (id / 131072)::text, '#3/' || (id / 524288)::text
                ])
        $$
    """)
    # A list of pending entries would be read by every search, and emptied by some unlucky citizen.
    for name, body, where in (
        ('ix_report_words', 'story', None),
        ('ix_report_public_words', 'public_text', sa.text(PUBLISHED)),
    ):
        op.create_index(
            name, 'report', [sa.text(f'report_words(id, title, {body}, place)')], unique=False,
            postgresql_using='gin', postgresql_with={'fastupdate': 'off'}, postgresql_where=where,
        )


def downgrade():
    for index in (
        'ix_report_public_words', 'ix_report_words', 'ix_disposition_copied_to', 'ix_disposition_received',
        'ix_report_parent', 'ix_report_entered_by', 'ix_report_published', 'ix_report_received_by_holder',
        'ix_report_received', 'ix_report_open_by_assignee', 'ix_report_open_by_holder',
        'ix_report_open_by_status', 'ix_report_open_by_due',
    ):
        op.execute(f'DROP INDEX {index}')
    op.execute("DROP FUNCTION report_words(bigint, text, text, text)")
    for table in ('report', 'disposition'):
        op.execute(f"DROP TRIGGER {table}_comes_or_goes ON {table}")
        op.execute(f"DROP TRIGGER {table}_changes ON {table}")
        op.execute(f"DROP FUNCTION note_{table}_change()")
    op.execute("DROP FUNCTION fold_figures(boolean)")
    for prefix in ('kept', 'true', 'changed'):
        for what in ('counts', 'values', 'queue'):
            op.execute(f"DROP VIEW {prefix}_{what}")
    for rows in ('disposition_change', 'disposition', 'report_change', 'report'):
        op.execute(f"DROP VIEW {rows}_figures")
    for table in ('figure_epoch', 'queue_count', 'figure_value', 'figure_count', 'disposition_change', 'report_change'):
        op.drop_table(table)

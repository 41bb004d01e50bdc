"""One sequence of report numbers per agency and year, made when the year's first report comes."""

from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade():
    # A sequence waits for nobody: a counter row would hold every report of the city up
    # until the one before it is committed. Numbers may have gaps; that is agreed.
    op.execute("""
        CREATE FUNCTION next_report_sequence(agency_id bigint, year int) RETURNS bigint
        LANGUAGE plpgsql AS $$
        DECLARE name text := format('report_number_%s_%s', agency_id, year);
        BEGIN
            LOOP
                BEGIN
                    RETURN nextval(name);
                EXCEPTION WHEN undefined_table THEN
                    BEGIN
                        EXECUTE format('CREATE SEQUENCE %I', name);
                    EXCEPTION WHEN duplicate_table OR unique_violation THEN
                        NULL;  -- somebody else was faster: theirs will do
                    END;
                END;
            END LOOP;
        END $$
    """)


def downgrade():
    op.execute("""
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT sequencename FROM pg_sequences
                        WHERE schemaname = current_schema() AND sequencename LIKE 'report\\_number\\_%'
            LOOP EXECUTE format('DROP SEQUENCE %I', name); END LOOP;
        END $$
    """)
    op.execute("DROP FUNCTION next_report_sequence(bigint, int)")

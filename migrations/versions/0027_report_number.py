"""A report's public number, made where its sequence is, so that one statement writes a report."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Row after row of the quasigroup in lapor_web/services/numbers.py.
DAMM = (
    "0317598642"
    "7092154863"
    "4206871359"
    "1750983426"
    "6123045978"
    "3674209581"
    "5869720134"
    "8945362017"
    "9438617205"
    "2581436790"
)


def upgrade():
    op.execute(f"""
        CREATE FUNCTION report_number(prefix text, year int, sequence bigint) RETURNS text
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
        DECLARE
            body text := to_char(year % 100, 'FM00')
                || lpad(sequence::text, greatest(4, length(sequence::text)), '0');
            interim int := 0;
        BEGIN
            FOR place IN 1..length(body) LOOP
                interim := substr('{DAMM}', interim * 10 + substr(body, place, 1)::int + 1, 1)::int;
            END LOOP;
            RETURN prefix || '-' || body || '-' || interim;
        END $$
    """)


def downgrade():
    op.execute("DROP FUNCTION report_number(text, int, bigint)")

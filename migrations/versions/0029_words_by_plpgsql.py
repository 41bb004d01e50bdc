"""The functions of the word indexes in PL/pgSQL, which a session prepares once.

The body of one in SQL is read and put into the statement anew by every statement that writes a row
of the index: a seventh of what a report costs the database that comes in. What they give is the same
to the letter, so the indexes stay as they are.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "report_words(id bigint, title text, body text, place text)": """
        to_tsvector('pg_catalog.indonesian', coalesce(title, '') || ' ' || coalesce(body, '') || ' ' || place)
        || array_to_tsvector(ARRAY[
            '#0/' || (id / 8192)::text, '#1/' || (id / 32768)::text,
            '#2/' || (id / 131072)::text, '#3/' || (id / 524288)::text
        ])
    """,
    "report_marks(status varchar, holder bigint, category bigint, area bigint, classification varchar,"
    " about_conduct boolean, entered_by bigint)": """
        array_to_tsvector(array_remove(ARRAY[
            '=' || status, '@' || holder, '~' || category, '^' || area, '%' || classification,
            CASE WHEN about_conduct THEN '?conduct' END, '+' || entered_by
        ], NULL))
    """,
    "answer_words(report_id bigint, opd_id bigint, body text)": """
        to_tsvector('pg_catalog.indonesian', body) || array_to_tsvector(array_remove(ARRAY[
            '#0/' || (report_id / 8192)::text, '#1/' || (report_id / 32768)::text,
            '#2/' || (report_id / 131072)::text, '#3/' || (report_id / 524288)::text, '@' || opd_id
        ], NULL))
    """,
}


def upgrade():
    _write("plpgsql", "BEGIN RETURN {}; END")


def downgrade():
    _write("sql", "SELECT {}")


def _write(language, around):
    for name, words in FUNCTIONS.items():
        op.execute(
            f"CREATE OR REPLACE FUNCTION {name} RETURNS tsvector"
            f" LANGUAGE {language} IMMUTABLE PARALLEL SAFE AS $$ {around.format(words)} $$"
        )

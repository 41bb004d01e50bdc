"""Sessions end with what they were opened for: another role, OPD or password, or a disabled account.

In the database, so that it holds whoever makes the change: a screen, a command, an operator.
"""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.execute("""
        CREATE FUNCTION end_login_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            DELETE FROM login_session WHERE user_id = NEW.id;
            RETURN NULL;
        END
        $$
    """)
    op.execute("""
        CREATE TRIGGER end_login_sessions AFTER UPDATE ON "user" FOR EACH ROW
        WHEN (
            (OLD.role, OLD.opd_id, OLD.active, OLD.password_hash)
            IS DISTINCT FROM (NEW.role, NEW.opd_id, NEW.active, NEW.password_hash)
        )
        EXECUTE FUNCTION end_login_sessions()
    """)


def downgrade():
    op.execute('DROP TRIGGER end_login_sessions ON "user"')
    op.execute("DROP FUNCTION end_login_sessions()")

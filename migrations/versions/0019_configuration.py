"""Configuration on screen: what a city calls itself, who merged into whom, and who changed what.

Nobody waits: columns that are empty or constant, and a new table. No row of that one is ever
changed or deleted, by whomever: the database refuses it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

JSON = postgresql.JSONB()


def upgrade():
    op.add_column('agency', sa.Column('city_name', sa.Text(), server_default='', nullable=False))
    op.add_column('agency', sa.Column('former_prefixes', postgresql.ARRAY(sa.Text()), server_default='{}', nullable=False))
    op.add_column('agency', sa.Column('colours', JSON, server_default='{}', nullable=False))
    op.add_column('agency', sa.Column('archive_reasons', JSON, server_default='[]', nullable=False))
    op.execute("UPDATE agency SET city_name = regexp_replace(name, '^Pemerintah ', '')")
    op.add_column('user', sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('opd', sa.Column('merged_into_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f('fk_opd_merged_into_id'), 'opd', 'opd', ['merged_into_id'], ['id'])

    op.create_table(
        'configuration_change',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('subject', sa.String(length=32), nullable=False),
        sa.Column('key', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('before', JSON, nullable=False),
        sa.Column('after', JSON, nullable=False),
        sa.Column('user_id', sa.BigInteger(), nullable=True),
        sa.Column('doer_name', sa.Text(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_configuration_change_agency_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_configuration_change_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_configuration_change')),
    )
    op.create_index('ix_configuration_change_of', 'configuration_change', ['agency_id', 'subject', 'key', 'id'])
    op.execute("""
        CREATE FUNCTION never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is never rewritten', TG_TABLE_NAME;
        END
        $$
    """)
    op.execute("""
        CREATE TRIGGER never_rewritten BEFORE UPDATE OR DELETE ON configuration_change
        FOR EACH ROW EXECUTE FUNCTION never_rewritten()
    """)


def downgrade():
    op.drop_table('configuration_change')
    op.execute('DROP FUNCTION never_rewritten()')
    op.drop_constraint(op.f('fk_opd_merged_into_id'), 'opd', type_='foreignkey')
    op.drop_column('opd', 'merged_into_id')
    op.drop_column('user', 'signed_in_at')
    for name in ('archive_reasons', 'colours', 'former_prefixes', 'city_name'):
        op.drop_column('agency', name)

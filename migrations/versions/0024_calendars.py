"""Calendars of due dates, at an address of one's own"""

import sqlalchemy as sa
from alembic import op

revision = "0024_calendars"
down_revision = "0023_terms"


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("has_calendar", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("calendar_number", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.drop_column("calendar_number")
        table.drop_column("has_calendar")

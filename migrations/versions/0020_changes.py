"""How often something was written"""

import sqlalchemy as sa
from alembic import op

revision = "0020_changes"
down_revision = "0019_answer_links"


def upgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.add_column(sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.drop_column("changes")

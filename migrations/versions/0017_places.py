"""Where the lines of an import are printed"""

import sqlalchemy as sa
from alembic import op

revision = "0017_places"
down_revision = "0016_import_steps"


def upgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.add_column(sa.Column("places", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.drop_column("places")

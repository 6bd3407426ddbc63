"""What a coordinator said that the columns of tables hold, so that the next table with the same heads is read so."""

import sqlalchemy as sa
from alembic import op

revision = "0008_columns"
down_revision = "0007_backups"


def upgrade() -> None:
    op.create_table(
        "column_choice",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("kinds", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name=op.f("fk_column_choice_issuer_id_issuer")),
        sa.PrimaryKeyConstraint("issuer_id", "key", name=op.f("pk_column_choice")),
    )


def downgrade() -> None:
    op.drop_table("column_choice")

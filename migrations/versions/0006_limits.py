"""What may be done only so often; sessions know the roles they were opened with."""

import sqlalchemy as sa
from alembic import op

revision = "0006_limits"
down_revision = "0005_questions"


def upgrade() -> None:
    op.create_table(
        "limited_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("whose", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_limited_act"),
    )
    op.create_index("ix_limited_act_whose_at", "limited_act", ["whose", "at"])
    op.create_index("ix_limited_act_at", "limited_act", ["at"])
    op.execute("DELETE FROM session")  # nobody knows with which roles they were opened: everyone signs in again
    with op.batch_alter_table("session") as table:
        table.add_column(sa.Column("roles", sa.String(length=500), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("session") as table:
        table.drop_column("roles")
    op.drop_table("limited_act")

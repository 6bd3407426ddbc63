"""How each issuer reminds each type of body, and the days on which it writes to nobody"""

import sqlalchemy as sa
from alembic import op

revision = "0021_policies"
down_revision = "0020_changes"
TYPES = ("government", "parliament", "police", "justice", "inspectorate", "local", "coordination", "centre", "other")


def upgrade() -> None:
    with op.batch_alter_table("issuer") as table:
        table.add_column(sa.Column("holidays", sa.String(length=2), server_default="BE", nullable=False))
    op.create_table(
        "type_policy",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=24), nullable=False),
        sa.Column("remind_before", sa.String(length=60), nullable=False),
        sa.Column("remind_every", sa.Integer(), nullable=False),
        sa.Column("remind_at_most", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"type IN {TYPES}", name="ck_type_policy_type_is_known"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_type_policy_issuer_id"),
        sa.PrimaryKeyConstraint("issuer_id", "type", name="pk_type_policy"),
    )
    op.create_table(
        "quiet_period",
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("to_on >= from_on", name="ck_quiet_period_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_quiet_period_issuer_id"),
        sa.PrimaryKeyConstraint("issuer_id", "from_on", name="pk_quiet_period"),
    )


def downgrade() -> None:
    op.drop_table("quiet_period")
    op.drop_table("type_policy")
    with op.batch_alter_table("issuer") as table:
        table.drop_column("holidays")

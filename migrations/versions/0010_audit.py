"""What people did, apart from the timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0010_audit"
down_revision = "0009_publication"


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("ref", sa.String(length=200), nullable=True),
        sa.Column("issuer_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.String(length=2000), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=False),
        sa.CheckConstraint("door IN ('page', 'terminal', 'worker')", name="ck_audit_door_is_known"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_audit_actor_id"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_audit_issuer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_actor_id_id", "audit", ["actor_id", "id"])
    op.create_index("ix_audit_keep_until", "audit", ["keep_until"])


def downgrade() -> None:
    op.drop_table("audit")

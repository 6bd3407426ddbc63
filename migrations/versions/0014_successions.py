"""Bodies that end, and those that take over from them."""

import sqlalchemy as sa
from alembic import op

revision = "0014_successions"
down_revision = "0013_issuer_of_a_mail"


def upgrade() -> None:
    op.create_table(
        "body_succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("former_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("is_merger", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="ck_body_succession_taken_back_by_somebody"
        ),
        sa.ForeignKeyConstraint(["former_id"], ["body.id"], name="fk_body_succession_former_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name="fk_body_succession_recorded_by_id"),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["person.id"], name="fk_body_succession_taken_back_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_body_succession"),
        sa.UniqueConstraint("uid", name="uq_body_succession_uid"),
    )
    op.create_index(
        "one_standing_succession_per_body",
        "body_succession",
        ["former_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.create_table(
        "body_successor",
        sa.Column("succession_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["succession_id"], ["body_succession.id"], name="fk_body_successor_succession_id"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_body_successor_body_id"),
        sa.PrimaryKeyConstraint("succession_id", "body_id", name="pk_body_successor"),
    )
    op.create_index("ix_body_successor_body_id", "body_successor", ["body_id"])


def downgrade() -> None:
    op.drop_table("body_successor")
    op.drop_table("body_succession")

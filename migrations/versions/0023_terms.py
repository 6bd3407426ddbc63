"""Themes, groups and priorities of issuers"""

import sqlalchemy as sa
from alembic import op

revision = "0023_terms"
down_revision = "0022_demands"


def upgrade() -> None:
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('theme', 'group', 'priority')", name="ck_term_kind_is_known"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_term_issuer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_term"),
    )
    op.create_index("ix_term_issuer_id", "term", ["issuer_id"])
    op.create_table(
        "term_name",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name="fk_term_name_term_id"),
        sa.PrimaryKeyConstraint("term_id", "language", name="pk_term_name"),
    )
    op.create_table(
        "recommendation_term",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name="fk_recommendation_term_recommendation_id"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["term.id"], name="fk_recommendation_term_term_id"),
        sa.PrimaryKeyConstraint("recommendation_id", "term_id", name="pk_recommendation_term"),
    )
    op.create_index("ix_recommendation_term_term_id", "recommendation_term", ["term_id"])
    op.add_column("import", sa.Column("terms", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import") as table:
        table.drop_column("terms")
    op.drop_table("recommendation_term")
    op.drop_table("term_name")
    op.drop_table("term")

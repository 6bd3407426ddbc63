"""What an earlier recommendation asked before, and by what wordings that are alike are found"""

import sqlalchemy as sa
from alembic import op

from tracker.domain import likeness

revision = "0018_lineage"
down_revision = "0017_places"


def upgrade() -> None:
    op.create_table(
        "restatement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("recommendation_id <> earlier_id", name="ck_restatement_nothing_restates_itself"),
        sa.CheckConstraint(
            "(taken_back_at IS NULL) = (taken_back_by_id IS NULL)", name="ck_restatement_taken_back_by_somebody"
        ),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_restatement_recommendation_id"),
        sa.ForeignKeyConstraint(["earlier_id"], ["recommendation.id"], name="fk_restatement_earlier_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_restatement_decided_by_id"),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["person.id"], name="fk_restatement_taken_back_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_restatement"),
    )
    op.create_index("ix_restatement_earlier_id", "restatement", ["earlier_id"])
    op.create_index(
        "one_standing_decision_per_pair",
        "restatement",
        ["recommendation_id", "earlier_id"],
        unique=True,
        sqlite_where=sa.text("taken_back_at IS NULL"),
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    stems = op.create_table(
        "recommendation_stem",
        sa.Column("stem", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name="fk_recommendation_stem_recommendation_id"
        ),
        sa.PrimaryKeyConstraint("stem", "recommendation_id", name="pk_recommendation_stem"),
        sqlite_with_rowid=False,
    )
    connection = op.get_bind()
    found = connection.execute(sa.text("SELECT recommendation_id, language, text FROM recommendation_text")).all()
    rows = {(likeness.key(language, stem), id_) for id_, language, text in found for stem in likeness.telling(text)}
    if rows:
        op.bulk_insert(stems, [{"stem": stem, "recommendation_id": id_} for stem, id_ in sorted(rows)])


def downgrade() -> None:
    op.drop_table("recommendation_stem")
    op.drop_table("restatement")

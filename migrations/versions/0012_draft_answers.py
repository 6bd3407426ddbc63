"""What somebody began to write about an addressee and did not send yet."""

import sqlalchemy as sa
from alembic import op

revision = "0012_draft_answers"
down_revision = "0011_bodies_administered"


def upgrade() -> None:
    op.create_table(
        "draft_answer",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=12), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("form IN ('answer', 'paper', 'finding', 'question')", name="ck_draft_answer_form_is_known"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_answer_person_id"),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_draft_answer_addressee_id"),
        sa.PrimaryKeyConstraint("person_id", "addressee_id", "form", name="pk_draft_answer"),
    )
    op.create_index("ix_draft_answer_addressee_id", "draft_answer", ["addressee_id"], unique=False)


def downgrade() -> None:
    op.drop_table("draft_answer")

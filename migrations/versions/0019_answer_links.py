"""Personal links to the form of a body, the draft that its holders share, and what was sent from it."""

import sqlalchemy as sa
from alembic import op

revision = "0019_answer_links"
down_revision = "0018_lineage"


def upgrade() -> None:
    op.create_table(
        "answer_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.String(length=12), nullable=True),
        sa.CheckConstraint("ended_why IN ('revoked', 'replaced')", name="ck_answer_link_end_is_known"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="ck_answer_link_ends_for_a_reason"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_answer_link_person_id"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_answer_link_body_id"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_answer_link_issuer_id"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_answer_link_round_id"),
        sa.ForeignKeyConstraint(["given_by_id"], ["answer_link.id"], name="fk_answer_link_given_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_link"),
        sa.UniqueConstraint("uid", name="uq_answer_link_uid"),
        sa.UniqueConstraint("token_digest", name="uq_answer_link_token_digest"),
    )
    op.create_index("ix_answer_link_person_id_body_id", "answer_link", ["person_id", "body_id"])
    op.create_index("ix_answer_link_given_by_id", "answer_link", ["given_by_id"])
    op.create_table(
        "shared_draft",
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_unchanged", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_shared_draft_addressee_id"),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name="fk_shared_draft_saved_by_id"),
        sa.PrimaryKeyConstraint("addressee_id", name="pk_shared_draft"),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("answer_link_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["answer_link_id"], ["answer_link.id"], name="fk_submission_answer_link_id"),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("uid", name="uq_submission_uid"),
    )
    op.create_index("ix_submission_answer_link_id", "submission", ["answer_link_id"])
    op.add_column("outgoing_mail", sa.Column("links", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("outgoing_mail", "links")
    op.drop_table("submission")
    op.drop_table("shared_draft")
    op.drop_table("answer_link")

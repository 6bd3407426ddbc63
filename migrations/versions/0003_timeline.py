"""The timeline and what is projected from it. `tracker.protection` keeps it append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0003_timeline"
down_revision = "0002_reports"


def upgrade() -> None:
    op.create_table(
        "entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "issued",
                "text_corrected",
                "withdrawn",
                "import_undone",
                "asked",
                "answered",
                "filed",
                "returned",
                "assessed",
                "published",
                "due_moved",
                "lapsed",
                "passed_on",
                "taken_over",
                "noted",
                "corrected",
                "redacted",
                name="kind_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("text_commitment", sa.String(length=64), nullable=True),
        sa.Column("about", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("counts_on", sa.Date(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["about"], ["entry.seq"], name="fk_entry_about"),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_entry_addressee_id"),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_entry_recommendation_id"),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name="fk_entry_recorded_by_id"),
        sa.PrimaryKeyConstraint("seq", name="pk_entry"),
        sa.UniqueConstraint("hash", name="uq_entry_hash"),
        sa.UniqueConstraint("previous_hash", name="the_chain_never_forks"),
    )
    op.create_index("ix_entry_kind_recorded_at", "entry", ["kind", "recorded_at"], unique=False)
    op.create_index("ix_entry_recommendation_id", "entry", ["recommendation_id"], unique=False)
    op.create_index(
        "one_entry_per_position",
        "entry",
        ["addressee_id", "position"],
        unique=True,
        sqlite_where=sa.text("addressee_id IS NOT NULL"),
        postgresql_where=sa.text("addressee_id IS NOT NULL"),
    )
    op.create_index(
        "one_entry_per_position_of_a_recommendation",
        "entry",
        ["recommendation_id", "position"],
        unique=True,
        sqlite_where=sa.text("addressee_id IS NULL"),
        postgresql_where=sa.text("addressee_id IS NULL"),
    )
    op.create_table(
        "entry_text",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["entry.seq"], name="fk_entry_text_seq"),
        sa.PrimaryKeyConstraint("seq", name="pk_entry_text"),
    )
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_chain_head_there_is_one"),
        sa.PrimaryKeyConstraint("id", name="pk_chain_head"),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_round_issuer_id"),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name="fk_round_opened_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_round"),
        sa.UniqueConstraint("uid", name="uq_round_uid"),
    )
    op.create_index("ix_round_issuer_id", "round", ["issuer_id"], unique=False)
    op.create_table(
        "expected_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("asked_seq", sa.Integer(), nullable=False),
        sa.Column("answered_seq", sa.Integer(), nullable=True),
        sa.Column("closed_seq", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "is_open = (answered_seq IS NULL AND closed_seq IS NULL)",
            name="ck_expected_reply_open_until_answered_or_closed",
        ),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_expected_reply_addressee_id"),
        sa.ForeignKeyConstraint(["answered_seq"], ["entry.seq"], name="fk_expected_reply_answered_seq"),
        sa.ForeignKeyConstraint(["asked_seq"], ["entry.seq"], name="fk_expected_reply_asked_seq"),
        sa.ForeignKeyConstraint(["closed_seq"], ["entry.seq"], name="fk_expected_reply_closed_seq"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_expected_reply_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_expected_reply"),
        sa.UniqueConstraint(
            "round_id", "addressee_id", "asked_seq", name="uq_expected_reply_round_id_addressee_id_asked_seq"
        ),
    )
    op.create_index("ix_expected_reply_addressee_id", "expected_reply", ["addressee_id"], unique=False)
    op.create_index(
        "one_open_reply_per_addressee",
        "expected_reply",
        ["addressee_id"],
        unique=True,
        sqlite_where=sa.text("is_open = 1"),
        postgresql_where=sa.text("is_open"),
    )
    op.create_table(
        "standing",
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column(
            "response",
            sa.Enum(
                "awaited",
                "accepted",
                "accepted_in_part",
                "under_consideration",
                "not_accepted",
                "not_competent",
                name="response_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "reported",
            sa.Enum(
                "not_started",
                "in_progress",
                "partially",
                "fully",
                "continuing",
                "not_implemented",
                "overtaken",
                "not_assessed",
                "not_verifiable",
                name="reported_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "assessed",
            sa.Enum(
                "not_started",
                "in_progress",
                "partially",
                "fully",
                "continuing",
                "not_implemented",
                "overtaken",
                "not_assessed",
                "not_verifiable",
                name="assessed_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "published_response",
            sa.Enum(
                "awaited",
                "accepted",
                "accepted_in_part",
                "under_consideration",
                "not_accepted",
                "not_competent",
                name="published_response_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "published_reported",
            sa.Enum(
                "not_started",
                "in_progress",
                "partially",
                "fully",
                "continuing",
                "not_implemented",
                "overtaken",
                "not_assessed",
                "not_verifiable",
                name="published_reported_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "published_assessed",
            sa.Enum(
                "not_started",
                "in_progress",
                "partially",
                "fully",
                "continuing",
                "not_implemented",
                "overtaken",
                "not_assessed",
                "not_verifiable",
                name="published_assessed_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reply_due_on", sa.Date(), nullable=True),
        sa.Column("original_due_on", sa.Date(), nullable=True),
        sa.Column("last_answer_on", sa.Date(), nullable=True),
        sa.Column("unreviewed", sa.Integer(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on > from_on", name="ck_standing_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_standing_addressee_id"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_standing_body_id"),
        sa.ForeignKeyConstraint(["unreviewed"], ["entry.seq"], name="fk_standing_unreviewed"),
        sa.PrimaryKeyConstraint("addressee_id", "from_on", name="pk_standing"),
    )
    op.create_index("ix_standing_body_id_from_on", "standing", ["body_id", "from_on"], unique=False)
    op.create_index(
        "one_open_standing_per_addressee",
        "standing",
        ["addressee_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.execute(sa.text("INSERT INTO chain_head (id, seq, hash) VALUES (1, 0, :genesis)").bindparams(genesis="0" * 64))


def downgrade() -> None:
    op.drop_table("standing")
    op.drop_table("expected_reply")
    op.drop_table("round")
    op.drop_table("chain_head")
    op.drop_table("entry_text")
    op.drop_table("entry")

"""Reminders, outgoing mail and its attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0004_ledger"
down_revision = "0003_timeline"


def upgrade() -> None:
    op.create_table(
        "address_state",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("suppressed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("soft_failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_address_state"),
    )
    op.create_table(
        "tick",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("last_ok_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_tick"),
    )
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("message_id", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("secret_of", sa.String(length=26), nullable=True),
        sa.Column("on_uncertain", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("uncertain_times", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_owner", sa.String(length=80), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("fenced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("was_fenced", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("smtp_code", sa.Integer(), nullable=True),
        sa.Column("smtp_text", sa.String(length=500), nullable=True),
        sa.CheckConstraint("on_uncertain IN ('resend', 'hold')", name="ck_outgoing_mail_doubt_is_resolved"),
        sa.CheckConstraint(
            "state IN ('queued', 'leased', 'accepted', 'failed', 'uncertain', 'held', "
            "'cancelled', 'superseded', 'suppressed', 'expired')",
            name="ck_outgoing_mail_state_is_known",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_outgoing_mail_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mail"),
        sa.UniqueConstraint("key", name="uq_outgoing_mail_key"),
        sa.UniqueConstraint("message_id", name="uq_outgoing_mail_message_id"),
    )
    op.create_index("ix_outgoing_mail_next", "outgoing_mail", ["state", "lane", "next_at"], unique=False)
    op.create_index("ix_outgoing_mail_person_id", "outgoing_mail", ["person_id"], unique=False)
    op.create_table(
        "mail_attempt",
        sa.Column("outgoing_mail_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=12), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["outgoing_mail_id"], ["outgoing_mail.id"], name="fk_mail_attempt_outgoing_mail_id"),
        sa.PrimaryKeyConstraint("outgoing_mail_id", "number", name="pk_mail_attempt"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("step_on", sa.Date(), nullable=False),
        sa.Column("expected_reply_id", sa.Integer(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outgoing_mail_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'skipped') = (why IS NOT NULL)", name="ck_reminder_only_a_skip_has_a_reason"),
        sa.CheckConstraint("state IN ('planned', 'superseded', 'skipped')", name="ck_reminder_state_is_known"),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_reminder_addressee_id"),
        sa.ForeignKeyConstraint(["expected_reply_id"], ["expected_reply.id"], name="fk_reminder_expected_reply_id"),
        sa.ForeignKeyConstraint(["outgoing_mail_id"], ["outgoing_mail.id"], name="fk_reminder_outgoing_mail_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sa.UniqueConstraint("key", name="uq_reminder_key"),
    )
    op.create_index("ix_reminder_addressee_id", "reminder", ["addressee_id"], unique=False)
    op.create_index("ix_reminder_expected_reply_id", "reminder", ["expected_reply_id"], unique=False)
    op.create_index("ix_reminder_outgoing_mail_id", "reminder", ["outgoing_mail_id"], unique=False)


def downgrade() -> None:
    op.drop_table("reminder")
    op.drop_table("mail_attempt")
    op.drop_table("outgoing_mail")
    op.drop_table("tick")
    op.drop_table("address_state")

"""Issuers, people and their ways in, and the register of bodies."""

import sqlalchemy as sa
from alembic import op

revision = "0001_people_and_bodies"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_why", sa.String(), nullable=True),
        sa.CheckConstraint("id = 1", name="ck_installation_there_is_one"),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
    )
    op.create_table(
        "issuer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_reply_months", sa.Integer(), nullable=False),
        sa.Column("next_reply_months", sa.Integer(), nullable=False),
        sa.Column("remind_before", sa.String(length=60), nullable=False),
        sa.Column("remind_every", sa.Integer(), nullable=False),
        sa.Column("remind_at_most", sa.Integer(), nullable=False),
        sa.Column("send_at", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_issuer"),
        sa.UniqueConstraint("slug", name="uq_issuer_slug"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name="ck_person_email_is_lower_case"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("email", name="uq_person_email"),
        sa.UniqueConstraint("uid", name="uq_person_uid"),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.CheckConstraint("role IN ('coordinator', 'reader')", name="ck_membership_role_is_known"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_membership_issuer_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_membership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("person_id", "issuer_id", name="uq_membership_person_id_issuer_id"),
    )
    op.create_index("ix_membership_issuer_id", "membership", ["issuer_id"], unique=False)
    op.create_table(
        "sign_in_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sign_in_code_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_code"),
        sa.UniqueConstraint("uid", name="uq_sign_in_code_uid"),
    )
    op.create_index("ix_sign_in_code_person_id", "sign_in_code", ["person_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_session_person_id"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_session"),
    )
    op.create_index("ix_session_person_id", "session", ["person_id"], unique=False)
    op.create_table(
        "body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "government",
                "parliament",
                "police",
                "justice",
                "inspectorate",
                "local",
                "coordination",
                "centre",
                "other",
                name="type_is_known",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum("implementer", "relay", name="role_is_known", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["body.id"], name="fk_body_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_body"),
        sa.UniqueConstraint("slug", name="uq_body_slug"),
    )
    op.create_table(
        "body_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("is_alias", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "status <> 'official' OR source IS NOT NULL", name="ck_body_name_official_names_have_a_source"
        ),
        sa.CheckConstraint("status IN ('official', 'translated')", name="ck_body_name_status_is_known"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_body_name_body_id"),
        sa.PrimaryKeyConstraint("id", name="pk_body_name"),
        sa.UniqueConstraint(
            "body_id", "language", "name", "is_alias", name="uq_body_name_body_id_language_name_is_alias"
        ),
    )
    op.create_index("ix_body_name_body_id", "body_name", ["body_id"], unique=False)
    op.create_table(
        "focal_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on > from_on", name="ck_focal_point_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_focal_point_body_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_focal_point_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_focal_point"),
    )
    op.create_index("ix_focal_point_body_id", "focal_point", ["body_id"], unique=False)
    op.create_index(
        "one_present_focal_point",
        "focal_point",
        ["person_id", "body_id"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL"),
        postgresql_where=sa.text("until_on IS NULL"),
    )
    op.execute("INSERT INTO installation (id, is_held) VALUES (1, TRUE)")


def downgrade() -> None:
    op.drop_table("focal_point")
    op.drop_table("body_name")
    op.drop_table("body")
    op.drop_table("session")
    op.drop_table("sign_in_code")
    op.drop_table("membership")
    op.drop_table("person")
    op.drop_table("issuer")
    op.drop_table("installation")

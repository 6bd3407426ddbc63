"""Reports, imports, recommendations and their addressees."""

import sqlalchemy as sa
from alembic import op

revision = "0002_reports"
down_revision = "0001_people_and_bodies"


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_report_issuer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("slug", name="uq_report_slug"),
    )
    op.create_index("ix_report_issuer_id", "report", ["issuer_id"], unique=False)
    op.create_table(
        "section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_section_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_section"),
        sa.UniqueConstraint("report_id", "position", name="uq_section_report_id_position"),
    )
    op.create_table(
        "import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issuer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("encoding", sa.String(length=40), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("leftover", sa.String(), nullable=False),
        sa.Column("report_slug", sa.String(length=80), nullable=False),
        sa.Column("report_title", sa.String(length=300), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'accepted', 'discarded', 'undone')", name="ck_import_state_is_known"),
        sa.ForeignKeyConstraint(["issuer_id"], ["issuer.id"], name="fk_import_issuer_id"),
        sa.ForeignKeyConstraint(["read_by_id"], ["person.id"], name="fk_import_read_by_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_import_report_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import"),
    )
    op.create_index("ix_import_issuer_id", "import", ["issuer_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reading", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_draft_import_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("import_id", "position", name="uq_draft_import_id_position"),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("section_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_recommendation_import_id"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_recommendation_report_id"),
        sa.ForeignKeyConstraint(["section_id"], ["section.id"], name="fk_recommendation_section_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation"),
        sa.UniqueConstraint("uid", name="uq_recommendation_uid"),
    )
    op.create_index("ix_recommendation_section_id", "recommendation", ["section_id"], unique=False)
    op.create_index(
        "one_recommendation_per_address",
        "recommendation",
        ["report_id", "address"],
        unique=True,
        sqlite_where=sa.text("is_hidden = 0"),
        postgresql_where=sa.text("NOT is_hidden"),
    )
    op.create_index(
        "one_recommendation_per_code",
        "recommendation",
        ["report_id", "code"],
        unique=True,
        sqlite_where=sa.text("is_hidden = 0 AND code IS NOT NULL"),
        postgresql_where=sa.text("NOT is_hidden AND code IS NOT NULL"),
    )
    op.create_table(
        "recommendation_text",
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recommendation_id"], ["recommendation.id"], name="fk_recommendation_text_recommendation_id"
        ),
        sa.PrimaryKeyConstraint("recommendation_id", "language", name="pk_recommendation_text"),
    )
    op.create_table(
        "addressee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=26), nullable=False),
        sa.Column("recommendation_id", sa.Integer(), nullable=False),
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("implementer", "relay", name="role_is_known", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name="fk_addressee_body_id"),
        sa.ForeignKeyConstraint(["recommendation_id"], ["recommendation.id"], name="fk_addressee_recommendation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_addressee"),
        sa.UniqueConstraint("recommendation_id", "body_id", name="uq_addressee_recommendation_id_body_id"),
        sa.UniqueConstraint("uid", name="uq_addressee_uid"),
    )
    op.create_index("ix_addressee_body_id", "addressee", ["body_id"], unique=False)
    op.create_table(
        "addressee_wording",
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("as_written", sa.String(length=500), nullable=False),
        sa.Column("qualifier", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["addressee_id"], ["addressee.id"], name="fk_addressee_wording_addressee_id"),
        sa.PrimaryKeyConstraint("addressee_id", "language", name="pk_addressee_wording"),
    )


def downgrade() -> None:
    op.drop_table("addressee_wording")
    op.drop_table("addressee")
    op.drop_table("recommendation_text")
    op.drop_table("recommendation")
    op.drop_table("draft")
    op.drop_table("import")
    op.drop_table("section")
    op.drop_table("report")

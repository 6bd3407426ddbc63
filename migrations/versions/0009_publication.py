"""Reports are published by decision, from a moment on; what public pages tell has a version."""

import sqlalchemy as sa
from alembic import op

revision = "0009_publication"
down_revision = "0008_columns"


def upgrade() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("public_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_publication_report_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_publication_decided_by_id"),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name="fk_publication_ended_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_publication"),
    )
    op.create_index("ix_publication_report_id", "publication", ["report_id"])
    op.create_index(
        "one_standing_publication_per_report",
        "publication",
        ["report_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_entry_about", "entry", ["about"])
    op.add_column("installation", sa.Column("public_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("installation") as table:
        table.drop_column("public_version")
    op.drop_index("ix_entry_about", "entry")
    op.drop_table("publication")

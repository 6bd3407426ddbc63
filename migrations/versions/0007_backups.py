"""The nightly backups that were begun, so that one worker of many makes each, and anyone can see how it went."""

import sqlalchemy as sa
from alembic import op

revision = "0007_backups"
down_revision = "0006_limits"


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("night", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.String(500), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(500), nullable=True),
        sa.Column("owner", sa.String(80), nullable=False),
        sa.CheckConstraint("size IS NULL OR why IS NULL", name=op.f("ck_backup_is_whole_or_failed")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
        sa.UniqueConstraint("night", name=op.f("uq_backup_night")),
    )


def downgrade() -> None:
    op.drop_table("backup")

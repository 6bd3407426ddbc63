"""What was done to the drafts of an import, to be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0016_import_steps"
down_revision = "0015_jobs"


def upgrade() -> None:
    op.create_table(
        "import_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("about", sa.String(length=100), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["import.id"], name="fk_import_step_import_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_import_step_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_import_step"),
    )
    op.create_index("ix_import_step_import_id", "import_step", ["import_id"])


def downgrade() -> None:
    op.drop_table("import_step")

"""Parts of a recommendation that holds several demands"""

from alembic import op

revision = "0022_demands"
down_revision = "0021_policies"


def upgrade() -> None:
    # One statement on both engines: SQLite need not make the table anew, which others point at.
    op.execute(
        "ALTER TABLE recommendation ADD COLUMN parent_id INTEGER"
        " CONSTRAINT fk_recommendation_parent_id REFERENCES recommendation (id)"
    )
    op.create_index("ix_recommendation_parent_id", "recommendation", ["parent_id"])


def downgrade() -> None:
    op.drop_index("ix_recommendation_parent_id", "recommendation")
    with op.batch_alter_table("recommendation") as table:
        table.drop_column("parent_id")

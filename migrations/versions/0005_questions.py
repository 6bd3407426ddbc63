"""A reply may be expected outside a round: an answer that came unasked can be returned with a question."""

import sqlalchemy as sa
from alembic import op

revision = "0005_questions"
down_revision = "0004_ledger"


def upgrade() -> None:
    with op.batch_alter_table("expected_reply") as table:
        table.alter_column("round_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    # A question outside a round has no place there; it stays on the timeline.
    op.execute("DELETE FROM reminder WHERE expected_reply_id IN (SELECT id FROM expected_reply WHERE round_id IS NULL)")
    op.execute("DELETE FROM expected_reply WHERE round_id IS NULL")
    with op.batch_alter_table("expected_reply") as table:
        table.alter_column("round_id", existing_type=sa.Integer(), nullable=False)

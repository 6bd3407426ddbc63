"""A mail speaks for one issuer; how often an address refused for now is counted from the attempts"""

import sqlalchemy as sa
from alembic import op

revision = "0013_issuer_of_a_mail"
down_revision = "0012_draft_answers"


def upgrade() -> None:
    with op.batch_alter_table("outgoing_mail") as table:
        table.add_column(sa.Column("issuer_id", sa.Integer(), nullable=True))
        table.create_foreign_key("fk_outgoing_mail_issuer_id", "issuer", ["issuer_id"], ["id"])
        table.create_index("ix_outgoing_mail_recipient", ["recipient"])
    op.execute(
        "UPDATE outgoing_mail SET issuer_id = (SELECT min(membership.issuer_id) FROM membership"
        " WHERE membership.person_id = outgoing_mail.person_id AND membership.role = 'coordinator')"
        " WHERE kind = 'weekly'"
    )
    op.execute(
        "UPDATE outgoing_mail SET issuer_id = (SELECT min(report.issuer_id) FROM reminder"
        " JOIN addressee ON addressee.id = reminder.addressee_id"
        " JOIN recommendation ON recommendation.id = addressee.recommendation_id"
        " JOIN report ON report.id = recommendation.report_id"
        " WHERE reminder.outgoing_mail_id = outgoing_mail.id) WHERE kind = 'digest'"
    )
    with op.batch_alter_table("address_state") as table:
        table.drop_column("soft_failures")


def downgrade() -> None:
    with op.batch_alter_table("address_state") as table:
        table.add_column(sa.Column("soft_failures", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("outgoing_mail") as table:
        table.drop_index("ix_outgoing_mail_recipient")
        table.drop_constraint("fk_outgoing_mail_issuer_id", type_="foreignkey")
        table.drop_column("issuer_id")

"""Bodies that name members, and dates of names that fit."""

import sqlalchemy as sa
from alembic import op

revision = "0011_bodies_administered"
down_revision = "0010_audit"


def upgrade() -> None:
    op.create_table(
        "body_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collective_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.CheckConstraint("collective_id <> member_id", name="ck_body_member_nobody_is_a_member_of_itself"),
        sa.CheckConstraint("until_on > from_on", name="ck_body_member_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["collective_id"], ["body.id"], name="fk_body_member_collective_id"),
        sa.ForeignKeyConstraint(["member_id"], ["body.id"], name="fk_body_member_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_body_member"),
    )
    op.create_index("ix_body_member_collective_id", "body_member", ["collective_id"])
    op.create_index("ix_body_member_member_id", "body_member", ["member_id"])
    with op.batch_alter_table("body_name") as table:
        # A body may take an earlier name again.
        table.drop_constraint("uq_body_name_body_id_language_name_is_alias", type_="unique")
        table.create_check_constraint("ck_body_name_ends_after_it_begins", "until_on > from_on")
    op.create_index(
        "one_last_name_per_language",
        "body_name",
        ["body_id", "language"],
        unique=True,
        sqlite_where=sa.text("until_on IS NULL AND NOT is_alias"),
        postgresql_where=sa.text("until_on IS NULL AND NOT is_alias"),
    )


def downgrade() -> None:
    op.drop_index("one_last_name_per_language", "body_name")
    op.execute(
        "DELETE FROM body_name WHERE id NOT IN"
        " (SELECT MAX(id) FROM body_name GROUP BY body_id, language, name, is_alias)"
    )
    with op.batch_alter_table("body_name") as table:
        table.drop_constraint("ck_body_name_ends_after_it_begins", type_="check")
        table.create_unique_constraint(
            "uq_body_name_body_id_language_name_is_alias", ["body_id", "language", "name", "is_alias"]
        )
    op.drop_table("body_member")

"""What a night needs to settle its new articles alone, and the analyst's rulings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what settling night by night needs: keys by which names find companies, the articles that are settled, the stamp of the rules."""
    op.create_table(
        "settle_keys",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "id", name=op.f("pk_settle_keys")),
    )
    op.create_index(op.f("ix_settle_keys_kind_id"), "settle_keys", ["kind", "id"], unique=False)
    op.create_table(
        "settled_articles",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_settled_articles")),
    )
    op.create_table(
        "settle_stamp",
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("one", name=op.f("pk_settle_stamp")),
    )
    op.create_table(
        "rulings",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_rulings")),
        sa.UniqueConstraint("id", name=op.f("uq_rulings_id")),
        sqlite_autoincrement=True,
    )

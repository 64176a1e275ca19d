"""Run the migrations on the connection the program hands over.

`app.database.upgrade` opens the connection as the owner of the schema and passes it
in ``config.attributes["connection"]``; there is no other way in, so no address of a
database is ever written into a file.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    version_table_schema="registry",
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()

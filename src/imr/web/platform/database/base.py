"""Django's engine for PostgreSQL: it starts the embedded server at the first connection and requires version 15."""

from pathlib import Path

from django.db.backends.postgresql import base, features
from psycopg import Connection

from imr.web.platform.database import cluster, embedded


class DatabaseFeatures(features.DatabaseFeatures):
    """Sets the minimum version of the server; Django refuses an older one with a message that names both versions."""

    minimum_database_version = (15,)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server of `DATABASE_URL` or to the embedded one."""

    features_class = DatabaseFeatures

    def get_connection_params(self) -> dict[str, object]:
        """Return the connection parameters for psycopg; an embedded server is started first."""
        params = super().get_connection_params()
        folder = params.pop("embedded", None)
        if folder:
            params["host"] = embedded.socket_folder(folder)
            if params["user"] in {cluster.SITE, cluster.OWNER}:
                params["password"] = cluster.password(Path(folder).expanduser().resolve(), params["user"])
        return params

    def get_new_connection(self, conn_params: dict[str, object]) -> Connection[tuple[object, ...]]:
        """Connect; restart an embedded server that has died."""
        connection: Connection[tuple[object, ...]]
        try:
            connection = super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            folder = self.settings_dict["OPTIONS"].get("embedded")
            if not folder:
                raise
            connection = super().get_new_connection({**conn_params, "host": embedded.revive(folder)})
        return connection

"""The private PostGIS cluster: one PostgreSQL server of our own in the data directory.

It answers on a Unix socket only, in a folder that nobody but its user can enter, asks
every role for a password, is durable, and runs as an unprivileged user even when root
starts it. `Cluster` starts and stops it; `database_urls` says where the database is,
whether it is private or named by `JINGTU_DATABASE_URL`.
"""

from app.cluster.lock import DataDirectoryLock
from app.cluster.running import NoRegister, running_database
from app.cluster.server import Cluster
from app.cluster.urls import ClusterUrls, database_urls, outside_urls

__all__ = [
    "Cluster",
    "ClusterUrls",
    "DataDirectoryLock",
    "NoRegister",
    "database_urls",
    "outside_urls",
    "running_database",
]

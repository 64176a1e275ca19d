"""The server's configuration files as text (core: no I/O)."""

from __future__ import annotations

from pathlib import Path

PORT = 5432
"""Only a part of the socket's file name: the server opens no network port."""

ACCESS_RULES = """\
# Written at each start. Every role has to give its password; nothing is trusted.
# TYPE  DATABASE  USER  METHOD
local   all       all   scram-sha-256
"""

INCLUDES = """
# Added by jingtu: its settings, written at each start, then your own, if any.
include = 'jingtu.conf'
include_if_exists = 'local.conf'
"""


def shared_buffers_mb(memory_mb: int) -> int:
    """Return the server's page cache: an eighth of the memory, 64 MB to 1 GB."""
    return max(64, min(1024, memory_mb // 8))


def server_settings(
    name: str, socket_folder: Path, memory_mb: int, *, durable: bool = True
) -> str:
    """Return the text of `jingtu.conf`.

    Parameters
    ----------
    name
        Of the cluster; every process of the server shows it in its title.
    socket_folder
        Folder of the Unix socket; its path must not hold a quote or line break.
    memory_mb
        Memory the machine (or the container) gives us, in MB.
    durable
        False only for tests: a lost machine may then lose the data.
    """
    safe = "on" if durable else "off"
    lines = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": f"'{socket_folder}'",
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "100",
        "shared_buffers": f"{shared_buffers_mb(memory_mb)}MB",
        "effective_cache_size": f"{max(128, memory_mb // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, memory_mb // 16))}MB",
        "fsync": safe,
        "synchronous_commit": safe,
        "full_page_writes": safe,
        "max_wal_size": "2GB",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "logging_collector": "on",
        "log_directory": "'log'",
        "log_filename": "'postgresql-%a.log'",
        "log_rotation_age": "1d",
        "log_truncate_on_rotation": "on",
        "log_checkpoints": "off",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
        "cluster_name": f"'{name}'",
    }
    head = "# Written at each start; put settings of your own into local.conf.\n"
    return head + "".join(f"{name} = {value}\n" for name, value in lines.items())

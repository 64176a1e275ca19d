"""What the service prints when it is ready: where it is, and a request to try."""

from __future__ import annotations

import json
import os
import shlex

from app.settings import Settings

AS_ROOT = "It runs as root. For daily use start it as an ordinary user."

EXAMPLE_QUESTION = {
    "transaction": "grant",
    "subject": {"parcel_code": "999901001001GB00001"},
    "planned_use": {"scheme": "gbt21010_2017", "code": "0701"},
}
"""May the first parcel of the sample county be granted for urban housing?"""


def base_url(host: str, port: int) -> str:
    """Return the URL under which this machine reaches the service."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def example_request(url: str, keys_file: str) -> str:
    """Return one command line for a shell that asks the gate a question.

    The key is read from its file: it does not stand on the screen or in a log. Asked
    again, the same recorded decision answers (`Idempotency-Key`).
    """
    file = shlex.quote(keys_file)
    key = f"""$(sed -n 's/.*"planner": *"\\([^"]*\\)".*/\\1/p' {file})"""
    return (
        f"curl -s {url}/v1/gate/decisions"
        f' -H "Authorization: Bearer {key}"'
        " -H 'Content-Type: application/json' -H 'Idempotency-Key: first-question'"
        f" -d '{json.dumps(EXAMPLE_QUESTION)}'"
    )


def greeting(settings: Settings, host: str, port: int) -> str:
    """Return the lines for the person who started the service."""
    url = base_url(host, port)
    lines = ["", f"Jingtu 净土 is ready:  {url}", "Stop it with Ctrl-C."]
    if settings.demo_keys_file.exists():
        lines[2:2] = [
            f"Demonstration keys:   {settings.demo_keys_file}",
            "A question to the gate:",
            f"  {example_request(url, str(settings.demo_keys_file))}",
        ]
    if os.geteuid() == 0:
        lines.append(AS_ROOT)
    return "\n".join(lines)

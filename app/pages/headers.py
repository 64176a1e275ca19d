"""Headers every page carries (shell): what the browser may load and run.

Nothing is allowed but our own files: no inline script or style, no other host, no
frame, no plug-in, no form sent by the browser itself (scripts send JSON with a CSRF
token), and no text turned into markup or script (trusted types). The other headers
that keep browsers strict go with every answer of the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_POLICY: Final = (
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default",
)

PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "; ".join(_POLICY),
    "Cache-Control": "private, no-store",
    "Vary": "Cookie, Accept-Language",
}

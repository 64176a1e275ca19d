"""Texts and drawing → a PDF/A-2b of some pages, by typst (shell).

The date inside the file is that of the record, so the same record gives the same bytes
with the same program and fonts (Noto CJK).
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import segno
import typst

_FOLDER: Final = Path(__file__).parent
Template = Literal["certificate", "extract", "run", "report"]
"""Document that can be set; each is a file of its name, on the `paper` of all."""
_STANDARD: Final = "a-2b"


class CannotTypeset(Exception):
    """The document could not be made; the text is typst's own."""


class Press:
    """Makes PDFs; one a process, as the fonts are read once.

    typst keeps what it set before, so the second page of a kind is quick. One page is
    set at a time.
    """

    def __init__(self) -> None:
        self._compiler: typst.Compiler | None = None
        self._lock = threading.Lock()

    def typeset(
        self,
        page: Mapping[str, Any],
        drawing: str,
        template: Template = "certificate",
    ) -> bytes:
        """Return a document as PDF/A.

        Parameters
        ----------
        page
            Texts (`page.write_page`, `extract_page.write_extract_page`).
        drawing
            SVG (`screening.certificate.drawing.draw`); empty where it has none.

        Raises
        ------
        CannotTypeset
            If typst refuses, as when no font is there.
        """
        inputs = {
            "page": json.dumps(page, ensure_ascii=False, sort_keys=True),
            "drawing": drawing,
        }
        if "qr_code" in page:
            inputs["qr"] = _draw_qr_code(str(page["qr_code"]))
        with self._lock:
            try:
                return self._compile(template, inputs, _STANDARD)
            except typst.TypstError as error:
                if "glyph" not in str(error) and "font" not in str(error):
                    raise CannotTypeset(str(error)) from error
                # A character no font has must not keep a decision from being printed;
                # PDF/A forbids it, plain PDF shows a box in its place.
                return self._compile(template, inputs, "1.7")

    def _compile(
        self, template: Template, inputs: Mapping[str, str], standard: Any
    ) -> bytes:
        if self._compiler is None:
            self._compiler = typst.Compiler(root=str(_FOLDER))
        made = self._compiler.compile(
            (_FOLDER / f"{template}.typ").read_bytes(),
            format="pdf",
            sys_inputs=dict(inputs),
            pdf_standards=[standard],
        )
        assert isinstance(made, bytes)
        return made


def _draw_qr_code(text: str) -> str:
    """Return a QR code (ISO/IEC 18004), error correction M, as SVG."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", border=2, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()

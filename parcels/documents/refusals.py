"""Why is a document refused, or not to be had? (core)."""

from __future__ import annotations

from parcels.refusal import Refusal


class DocumentNotFound(LookupError):
    """There is no such document in the caller's part of the country."""


class DocumentTypeRefused(Refusal):
    """The content of the file is of no accepted type."""

    def __init__(self) -> None:
        super().__init__(
            "document_type",
            "文件内容不是 PDF、OFD、JPEG、PNG、TIFF 或完整的 ZIP；请转换后再传。",
            "The content is no PDF, OFD, JPEG, PNG, TIFF or whole ZIP; convert it.",
        )


class DocumentRefusedByScan(Refusal):
    """The command against viruses refused the file."""

    def __init__(self) -> None:
        super().__init__(
            "document_scan",
            "病毒扫描未通过，文件没有保存；请检查来源。",
            "The scan for viruses refused the file; it was not kept. Check its source.",
        )


class FileNotStored(Refusal):
    """A paper names a stored file that its division has not."""

    def __init__(self, file_id: str, division_code: str) -> None:
        shown = file_id[:60]
        super().__init__(
            "file_not_stored",
            f"行政区 {division_code} 没有文件 {shown}；请先以 division={division_code}"
            " 上传到 POST /v1/documents。",
            f"Division {division_code} has no file {shown}; send it to"
            f" POST /v1/documents with division={division_code} first.",
        )


class ScanNotPossible(Exception):
    """The command against viruses cannot be run: nothing unscanned is kept."""


class DocumentBytesMissing(Exception):
    """The row is there and the file is not: the data directory is not whole."""

"""What can go wrong with an upload, apart from the file itself (core)."""

from __future__ import annotations

from uuid import UUID

from parcels.refusal import Refusal


class UploadNotFound(LookupError):
    """There is no such upload in the caller's part of the country."""


class LayerNotWritable(Refusal):
    """The caller's role may not write that layer."""

    def __init__(self, layer: str) -> None:
        super().__init__(
            "layer_not_writable",
            f"您的角色不能写入图层“{layer}”。",
            f"Your role may not write layer {layer!r}.",
        )


class DivisionNotYours(Refusal):
    """The division named with a file is not the caller's."""

    def __init__(self, division_code: str) -> None:
        super().__init__(
            "division_not_yours",
            f"行政区 {division_code} 不在您的管辖范围内。",
            f"Division {division_code} is not in your part of the country.",
        )


class UploadNotReady(Refusal):
    """The upload cannot be committed in its state."""

    def __init__(self, upload_id: UUID, state: str, errors: int) -> None:
        zh, en = f"状态为 {state}", f"it is {state}"
        if errors:
            zh, en = f"有 {errors} 个错误", f"it has {errors} errors"
        super().__init__(
            "upload_not_ready",
            f"上传 {upload_id} 不能入库:{zh}。请改正后重新上传。",
            f"Upload {upload_id} cannot be committed: {en}. Correct and upload again.",
        )


class RegisterMovedSince(Refusal):
    """The layer was changed in that division since the upload was checked."""

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(
            "register_moved",
            f"自检查上传 {upload_id} 以来登记簿已有变更;请重新检查后再入库。",
            f"The register has changed since upload {upload_id} was checked; check it"
            " again, then commit.",
        )


class StagedRowsLost(Refusal):
    """The accepted rows of an upload are not what was checked."""

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(
            "staged_rows_lost",
            f"上传 {upload_id} 的已检查数据缺失或被改动;请重新检查。",
            f"The checked rows of upload {upload_id} are missing or altered; check it"
            " again.",
        )

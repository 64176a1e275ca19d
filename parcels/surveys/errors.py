"""What can go wrong with an upload, apart from the file itself (core)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from parcels.refusal import Refusal


class UploadNotFound(Refusal):
    """There is no such upload in the caller's part of the country."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(
            "upload_not_found",
            f"在您的管辖范围内没有上传 {upload_id[:60]}。",
            f"There is no upload {upload_id[:60]} in your division.",
        )


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

    def __init__(
        self, upload_id: UUID, state: str, errors: int, *, none_left: bool = False
    ) -> None:
        zh, en = f"状态为 {state}", f"it is {state}"
        if errors:
            zh, en = (
                f"有 {errors} 个错误",
                f"it has {errors} error{'s' if errors > 1 else ''}",
            )
        if none_left:
            zh += "，每一行都涉及错误，搁置后没有可入库的行"
            en += " that name every row, so that none is left when they are set aside"
        super().__init__(
            "upload_not_ready",
            f"上传 {upload_id} 不能入库：{zh}。请改正后重新上传。",
            f"Upload {upload_id} cannot be committed: {en}. Correct and upload again.",
        )


class RegisterMovedSince(Refusal):
    """The layer was changed in that division since the upload was checked."""

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(
            "register_moved",
            f"自检查上传 {upload_id} 以来登记库已有变更；请重新检查后再入库。",
            f"The register has changed since upload {upload_id} was checked; check it"
            " again, then commit.",
        )


class StagedRowsLost(Refusal):
    """The accepted rows of an upload are not what was checked."""

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(
            "staged_rows_lost",
            f"上传 {upload_id} 的已检查数据缺失或被改动；请重新检查。",
            f"The checked rows of upload {upload_id} are missing or altered; check it"
            " again.",
        )


class UploadInOtherState(Refusal):
    """The upload's state does not allow what is asked of it."""

    def __init__(self, upload_id: UUID, state: str, allowed: Sequence[str]) -> None:
        super().__init__(
            "upload_state",
            f"上传 {upload_id} 的状态为 {state}，此操作要求：{'、'.join(allowed)}。",
            f"Upload {upload_id} is {state}; this asks for one that is"
            f" {' or '.join(allowed)}.",
        )


class UploadBusy(Refusal):
    """Something else was ordered of the upload and is not done yet."""

    def __init__(self, upload_id: UUID, order: str) -> None:
        super().__init__(
            "upload_busy",
            f"上传 {upload_id} 正在执行“{order}”；请等其完成后再操作。",
            f"Upload {upload_id} is still at {order}; wait for its end.",
        )


class ConfirmationIncomplete(Refusal):
    """A value was confirmed that cannot be used, or one is still missing."""

    def __init__(self, missing: Sequence[str]) -> None:
        listed = ", ".join(missing)
        super().__init__(
            "confirmation_incomplete",
            f"还须确认：{listed}；请一并给出。",
            f"Still to be confirmed: {listed}; send them together.",
        )


class FaultsOfWholeFile(Refusal):
    """An error speaks of the whole file: there are no rows to set aside."""

    def __init__(self, upload_id: UUID, errors: int) -> None:
        super().__init__(
            "faults_of_whole_file",
            f"上传 {upload_id} 有 {errors} 个针对整个文件的错误，不能搁置；"
            "请改正后重新上传。",
            f"Upload {upload_id} has {errors} errors of the whole file, which cannot be"
            " set aside; correct the file and upload it again.",
        )


class WholeNeedsEveryRow(Refusal):
    """A whole update would end what its faulty rows speak of."""

    def __init__(self, upload_id: UUID, errors: int) -> None:
        super().__init__(
            "whole_needs_every_row",
            f"上传 {upload_id} 是整体更新，有 {errors} 个错误；"
            "搁置错误行会使其对象失效。请改正后重新上传，或改为局部更新。",
            f"Upload {upload_id} is a whole update with {errors} errors; setting faulty"
            " rows aside would end their objects. Correct it, or send it as partial.",
        )


class WarningsNotAccepted(Refusal):
    """The upload has warnings, and nobody has said why it goes in all the same."""

    def __init__(self, upload_id: UUID, kinds: Sequence[str]) -> None:
        listed = ", ".join(kinds)
        super().__init__(
            "warnings_not_accepted",
            f"上传 {upload_id} 有警告（{listed}）；入库须说明接受的理由（reason）。",
            f"Upload {upload_id} has warnings ({listed}); to commit it say why they are"
            " accepted (reason).",
        )
        self.kinds = tuple(kinds)


class RevertRefused(Refusal):
    """Later versions stand on what the upload wrote."""

    def __init__(self, upload_id: UUID, codes: Sequence[str], total: int) -> None:
        listed = ", ".join(codes[:20]) + (" …" if total > 20 else "")
        super().__init__(
            "revert_refused",
            f"上传 {upload_id} 不能撤回：{total} 个对象其后又有变更或被引用"
            f"（{listed}）。请先处理这些对象。",
            f"Upload {upload_id} cannot be reverted: {total} objects were changed or"
            f" referred to since ({listed}). Deal with these first.",
        )
        self.codes = tuple(codes)


class RevertByAnother(Refusal):
    """Who takes reviewed reports back is not shown to be another than who sent them."""

    def __init__(self, upload_id: UUID) -> None:
        super().__init__(
            "revert_by_another",
            f"上传 {upload_id} 含已通过评审的报告：须由入库人以外的另一人撤回，且"
            "两人身份均已知（以本人身份登录，或其密钥已由管理员关联到本人）。",
            f"Upload {upload_id} brought reports that passed review: another person"
            " than the one who committed it takes it back, both signed in as themselves"
            " or with keys that an administrator has linked to them.",
        )


class UploadTooLarge(Refusal):
    """The file is larger than this installation takes."""

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(
            "upload_size",
            f"文件超过 {limit_bytes} 字节的上限；请按乡镇或图层拆分后上传。",
            f"The file is larger than {limit_bytes} bytes; split it by township or"
            " layer.",
        )


class ArchiveFull(Refusal):
    """There is no room for the file; nothing of it was kept."""

    def __init__(self) -> None:
        super().__init__(
            "archive_full",
            "服务器磁盘已满，文件没有保存；请通知管理员后重新上传。",
            "The disk is full and nothing of the file was kept; tell the administrator,"
            " then send it again.",
        )

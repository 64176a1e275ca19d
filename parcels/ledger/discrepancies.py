"""What can be found wrong with a ledger, in words? (core)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from parcels.refusal import Language

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "entry_changed": (
        "第 {number} 条记录（{entry}）在封存后被改动",
        "entry {number} ({entry}) was changed after it was sealed",
    ),
    "entry_removed": (
        "第 {number} 条记录（{entry}）已被删除",
        "entry {number} ({entry}) was removed",
    ),
    "entry_misfiled": (
        "第 {number} 条记录（{entry}）的 {column} 与其内容不符",
        "entry {number} ({entry}): its column {column} does not fit its content",
    ),
    "entries_exchanged": (
        "第 {number} 条与第 {other} 条记录被互换位置",
        "entries {number} and {other} have been exchanged",
    ),
    "leaf_removed": (
        "账本缺少第 {number} 条记录的编号行",
        "number {number} is missing from the ledger",
    ),
    "entry_unnumbered": (
        "记录 {entry} 既未封存也不在待封存之列：其编号行已被删除",
        "entry {entry} is neither sealed nor waiting: its number was taken away",
    ),
    "entry_waiting": (
        "记录 {entry} 自 {since} 起等待封存；请检查后台进程是否运行",
        "entry {entry} has been waiting for its seal since {since}; is a worker"
        " running?",
    ),
    "tree_changed": (
        "封存后第 {first} 至 {last} 条记录的散列与树不符：内容被改动或顺序被调换",
        "entries {first} to {last} are not the ones the tree was sealed over: changed,"
        " or in another order",
    ),
    "node_removed": (
        "树中第 {first} 至 {last} 条记录的散列已被删除",
        "the tree's hash over entries {first} to {last} was removed",
    ),
    "head_unreadable": (
        "{size} 条记录的树头无法读取：{reason}",
        "the head of {size} entries cannot be read: {reason}",
    ),
    "head_not_signed": (
        "{size} 条记录的树头签名无效",
        "the signature of the head of {size} entries does not hold",
    ),
    "head_of_other_key": (
        "{size} 条记录的树头由另一密钥 {key} 签名",
        "the head of {size} entries was signed with another key, {key}",
    ),
    "head_of_other_ledger": (
        "{size} 条记录的树头属于另一账本 {log}",
        "the head of {size} entries is of another ledger, {log}",
    ),
    "head_contradicted": (
        "{signed_at} 签名的 {size} 条记录的树头与账本不符："
        "第 {first} 至 {last} 条记录中有改动",
        "the head of {size} entries signed at {signed_at} does not fit the ledger:"
        " something among entries {first} to {last} was rewritten",
    ),
    "ledger_cut": (
        "{signed_at} 签名的树头包含 {size} 条记录，账本只剩 {found} 条：尾部已被删除",
        "a head of {size} entries was signed at {signed_at}, the ledger has {found}:"
        " its end was cut off",
    ),
    "leaves_without_head": (
        "账本编号到 {found}，最后的树头只包含 {size} 条：有未经签名的编号行",
        "the ledger numbers {found} entries, its last head counts {size}: numbers"
        " were given without a signature",
    ),
    "kept_head_contradicted": (
        "库外保存的树头（{size} 条，{signed_at}）与账本不符："
        "第 {first} 至 {last} 条记录的历史被改写",
        "the head kept outside ({size} entries, {signed_at}) does not fit the ledger:"
        " the history of entries {first} to {last} was rewritten",
    ),
    "decision_changed": (
        "核查意见 {decision} 的 {column} 与账本记录不符",
        "decision {decision}: its {column} does not fit its entry in the ledger",
    ),
    "decision_head_contradicted": (
        "核查意见 {decision} 所记的树头（{size} 条，{signed_at}）与账本不符："
        "此前的历史被改写",
        "the head noted in decision {decision} ({size} entries, {signed_at}) does not"
        " fit the ledger: what was before it was rewritten",
    ),
    "decision_removed": (
        "核查意见 {decision} 已被删除",
        "decision {decision} was removed",
    ),
    "decision_unentered": (
        "核查意见 {decision} 不在账本中",
        "decision {decision} is not in the ledger",
    ),
    "event_changed": (
        "核查意见事件 {event} 的 {column} 与账本记录不符",
        "event {event} of a decision: its {column} does not fit its entry",
    ),
    "event_removed": (
        "核查意见事件 {event} 已被删除",
        "event {event} of a decision was removed",
    ),
    "event_unentered": (
        "核查意见事件 {event} 不在账本中",
        "event {event} of a decision is not in the ledger",
    ),
    "task_event_changed": (
        "任务步骤 {task_event} 的 {column} 与账本记录不符",
        "step {task_event} of a task: its {column} does not fit its entry",
    ),
    "task_event_removed": (
        "任务步骤 {task_event} 已被删除",
        "step {task_event} of a task was removed",
    ),
    "task_event_unentered": (
        "任务步骤 {task_event} 不在账本中",
        "step {task_event} of a task is not in the ledger",
    ),
    "snapshot_changed": (
        "指标快照 {snapshot} 的 {column} 与账本记录不符",
        "snapshot {snapshot} of indicators: its {column} does not fit its entry",
    ),
    "snapshot_removed": (
        "指标快照 {snapshot} 已被删除",
        "snapshot {snapshot} of indicators was removed",
    ),
    "snapshot_unentered": (
        "指标快照 {snapshot} 不在账本中",
        "snapshot {snapshot} of indicators is not in the ledger",
    ),
    "change_changed": (
        "登记变更 {change} 的 {column} 与账本记录不符",
        "change {change} of the register: its {column} does not fit its entry",
    ),
    "change_removed": (
        "登记变更 {change} 已被删除",
        "change {change} of the register was removed",
    ),
    "change_unentered": (
        "登记变更 {change} 不在账本中",
        "change {change} of the register is not in the ledger",
    ),
}

NOTES: Final = frozenset({"entry_waiting"})
"""Kinds that an administrator should know of and that are no sign of tampering."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """One thing found wrong: its kind, and what names the place."""

    kind: str
    place: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return it as a sentence."""
        zh, en = _TEXTS[self.kind]
        return (zh if language == "zh" else en).format(**self.place)

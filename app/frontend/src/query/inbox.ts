/** Consultations as a table; each leads to its decision, where it is answered. */
import { t, term, type Key } from "../core/catalogue";
import { h, icon } from "../core/dom";
import { day, moment, raised } from "../core/format";
import { cell, chip, nameCell } from "../core/parts";
import type { Task } from "../tasks/types";
import { landOf } from "./decision-list";
import type { DecisionSummary } from "./types";

/** A decision, and the task that asks a department about it. */
export interface Asked {
  task: Task;
  decision: DecisionSummary;
}

const HEADS = [
  "consultations.due",
  "decision.title",
  "decision.transaction",
  "query.code",
  "consultations.rules",
  "consultations.asked_by",
  "consultations.state",
] as const satisfies readonly Key[];

/** The inbox; `filters` tell why it may be empty. */
export function inbox(asked: readonly Asked[], filters: URLSearchParams): HTMLElement {
  if (asked.length === 0) {
    const none = filters.toString() ? "consultations.none" : "consultations.none_waiting";
    return h("p", { class: "empty" }, t(none));
  }
  return h(
    "table",
    { class: "table records card" },
    h("caption", { class: "spoken" }, t("consultations.title")),
    h("thead", {}, h("tr", {}, ...HEADS.map((head) => h("th", { scope: "col" }, t(head))))),
    h("tbody", {}, ...asked.map(inboxRow)),
  );
}

export function inboxRow({ task, decision }: Asked): HTMLElement {
  const late = h("span", { class: "chip task-late" }, icon("info"), t("tasks.late"));
  return h(
    "tr",
    { "data-decision": decision.id },
    nameCell(t("consultations.due"), day(task.due_on), task.late && " ", task.late && late),
    cell(
      t("decision.title"),
      h(
        "div",
        {},
        h("a", { href: `/?decision=${decision.id}` }, moment(decision.recorded_at)),
        " ",
        chip("outcome", decision.outcome),
        h("span", { class: "item-code" }, decision.certificate_number),
      ),
    ),
    cell(t("decision.transaction"), term("transaction", decision.transaction)),
    cell(t("query.code"), ...landOf(decision)),
    cell(t("consultations.rules"), task.facts["rules"]),
    cell(t("consultations.asked_by"), decision.actor),
    cell(
      t("consultations.state"),
      term("department", task.bureau),
      h("span", { class: "item-code" }, raised(task.state_text)),
    ),
  );
}

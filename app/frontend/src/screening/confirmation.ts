/** Candidates of a cross-screening, ticked by an officer, become tasks. */
import { call, keyPerBody } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { count } from "../core/format";
import type { ResultRow, Run } from "./types";

export class Confirmation {
  readonly element = h("section", { class: "card stack-tight" });
  private readonly chosen = new Set<number>();
  private readonly button = h("button", { type: "button", class: "button is-main", id: "confirm", disabled: true }, t("screen.confirm"));
  private readonly due = h("input", { class: "input", type: "date", id: "confirm-due" });
  private readonly told = h("div", { role: "status" });
  private readonly keyFor = keyPerBody();

  constructor(private readonly run: Run) {
    this.button.addEventListener("click", () => void whileBusy(this.button, () => this.open()));
    fill(
      this.element,
      h("p", { class: "second" }, t("screen.confirm_hint")),
      h("div", { class: "field" }, h("label", { for: "confirm-due" }, t("screen.due_on")), this.due),
      h("div", { class: "button-row" }, this.button),
      this.told,
    );
  }

  /** The box that chooses a row; nothing for a row that is no candidate. */
  boxFor(row: ResultRow): HTMLElement | null {
    if (row.values["row"] !== "candidate") return null;
    const label = t("screen.confirm_row", { number: row.number });
    const box = h("input", { type: "checkbox", "aria-label": label, "data-confirm": row.number });
    box.addEventListener("click", (event) => event.stopPropagation());
    box.addEventListener("change", () => {
      if (box.checked) this.chosen.add(row.number);
      else this.chosen.delete(row.number);
      this.button.disabled = this.chosen.size === 0;
    });
    return box;
  }

  private async open(): Promise<void> {
    const numbers = [...this.chosen].sort((a, b) => a - b);
    const body = { numbers, ...(this.due.value ? { due_on: this.due.value } : {}) };
    try {
      const path = `/screening/runs/${this.run.id}/tasks`;
      const opened = await call<{ items: unknown[] }>(path, { method: "POST", body, idempotencyKey: this.keyFor(body) });
      fill(
        this.told,
        h("p", {}, t("screen.tasks_opened", { count: count(opened.items.length) })),
        h("a", { href: "/tasks" }, t("screen.to_tasks")),
      );
    } catch (error) {
      showProblem(this.told, error);
    }
  }
}

/** Corrections that were proposed of a plot; another person approves or refuses them. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { day } from "../core/format";
import { card, tableOf } from "./record";
import type { Correction, NextSteps } from "./types";

const REFUSED = "correction_refused";

export function correctionsCard(
  corrections: readonly Correction[],
  next: NextSteps,
): HTMLElement | null {
  if (corrections.length === 0) return null;
  const heads = [
    t("plots.correction"),
    t("plots.proposed_by"),
    t("plots.correction_state"),
    t("plots.decide"),
  ];
  const rows = corrections.map((one) => [
    h("div", {}, h("p", {}, whatText(one)), h("p", { class: "second" }, one.reason)),
    `${one.proposed_by} · ${day(one.on)}`,
    h("div", {}, term("correction_state", one.state), " ", decidedText(one)),
    decideButtons(one, next),
  ]);
  return card(t("plots.corrections"), tableOf(heads, rows, ""));
}

function whatText(one: Correction): string {
  const { wrong_event: event, wrong_field: field, right_value: right } = one;
  const what = [event ?? field, right && `→ ${right}`].filter(Boolean).join(" ");
  return [term("plot_value", one.correction), what].filter(Boolean).join("：");
}

function decidedText(one: Correction): string {
  return [one.decided_by, one.decided_at && day(one.decided_at), one.decision_reason]
    .filter(Boolean)
    .join(" · ");
}

/** Buttons that lead to the step which decides, with the proposal filled in. */
function decideButtons(one: Correction, next: NextSteps): Child {
  if (one.state !== "proposed") return "–";
  const offered = new Set(next.steps.filter((s) => s.may_record).map((s) => s.event));
  const button = (event: string, text: string): Child =>
    offered.has(event) &&
    h(
      "button",
      {
        type: "button",
        class: "button",
        "data-decide": event,
        onclick: () => openStep(event, one.code),
      },
      text,
    );
  return h(
    "div",
    { class: "button-row" },
    button(one.approved_by_event, t("plots.approve")),
    button(REFUSED, t("plots.refuse")),
  );
}

function openStep(event: string, proposal: string): void {
  const step = document.querySelector<HTMLDetailsElement>(`details[data-event="${event}"]`);
  const input = document.getElementById(`${event}-proposal`);
  if (step) step.open = true;
  if (!(input instanceof HTMLInputElement)) return;
  input.value = proposal;
  input.focus();
}

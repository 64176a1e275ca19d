/** Corrections that were proposed of a plot; another person approves or refuses them. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { day } from "../core/format";
import type { Page } from "../core/more";
import { pagedCard } from "./paged";
import type { Correction, NextSteps, PlotEvent } from "./types";

const REFUSED = "correction_refused";
/** What stands for no value in a correction. */
const NOTHING = "null";
const LONGEST = 120;

export function correctionsCard(
  page: Page<Correction>,
  next: NextSteps,
  events: readonly PlotEvent[],
  fetch: (after: string) => Promise<Page<Correction>>,
): HTMLElement | null {
  if (page.items.length === 0 && page.next === null) return null;
  const heads = [
    t("plots.correction"),
    t("plots.proposed_by"),
    t("plots.correction_state"),
    t("plots.decide"),
  ];
  const titles = new Map(events.map((one) => [one.code, `${one.title} ${day(one.on)}`]));
  const row = (one: Correction): Child[] => [
    h("div", {}, h("p", {}, whatText(one, titles)), h("p", { class: "second" }, one.reason)),
    `${one.proposed_by} · ${day(one.on)}`,
    h("div", {}, term("correction_state", one.state), " ", decidedText(one)),
    decideButtons(one, next),
  ];
  return pagedCard({ title: t("plots.corrections"), heads, page, row, fetch, empty: "" });
}

/** What is wrong in words: the entry, a step by its title, a field by its name. */
function whatText(one: Correction, titles: ReadonlyMap<string, string>): string {
  const { wrong_event: event, wrong_field_text: field, right_value: right } = one;
  const paper = [one.wrong_document, field].filter(Boolean).join(" ");
  const what = event ? (titles.get(event) ?? event) : paper;
  const back = one.wrong_document && !field;
  const none = t(back ? "plots.paper_back" : "plots.no_value");
  const value = right === NOTHING ? none : right && shortened(term("plot_value", right));
  const told = [what, value && `→ ${value}`].filter(Boolean).join(" ");
  return [term("plot_value", one.correction), told].filter(Boolean).join(t("format.colon"));
}

/** A boundary is longer than anybody reads; its beginning tells what it is. */
function shortened(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
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

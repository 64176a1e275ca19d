/** The five inventories of a plot (五清), a tab each: what is on record, what is missing. */
import { t } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { wireTabs } from "../core/tabs";
import { card, tableOf } from "./record";
import type { DivisionInventories, Inventories, Inventory, InventoryFact } from "./types";

const LONGEST_IN_A_COLUMN = 24;

export function inventoriesCard({ inventories }: Inventories): HTMLElement {
  const tabs = h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": t("plots.inventories") },
    ...inventories.map(tab),
  );
  // The tabs look for their panels in the page.
  queueMicrotask(() => wireTabs(tabs));
  return card(t("plots.inventories"), tabs, ...inventories.map(panel));
}

function tab(one: Inventory, place: number): HTMLElement {
  const found = { on_record: one.on_record, asked: one.asked };
  return h(
    "button",
    {
      type: "button",
      class: "tab",
      role: "tab",
      id: `inventory-tab-${one.name}`,
      "aria-controls": `inventory-${one.name}`,
      "aria-selected": String(place === 0),
      tabindex: place === 0 ? null : "-1",
    },
    `${one.title} ${t("plots.of_facts", found)}`,
  );
}

function panel(one: Inventory, place: number): HTMLElement {
  const made = h(
    "div",
    {
      id: `inventory-${one.name}`,
      role: "tabpanel",
      "aria-labelledby": `inventory-tab-${one.name}`,
    },
    h("dl", { class: "facts" }, ...one.facts.map(factOf)),
  );
  made.hidden = place !== 0;
  return made;
}

function factOf(one: InventoryFact): HTMLElement {
  const long = one.texts.join("").length > LONGEST_IN_A_COLUMN;
  return h("div", { class: long ? "wide" : null }, h("dt", {}, one.title), ...told(one));
}

function told(one: InventoryFact): Child[] {
  if (one.state === "on_record") return one.texts.map((text) => h("dd", {}, text));
  const key = one.state === "missing" ? "plots.missing" : "plots.withheld";
  return [h("dd", { class: "second" }, t(key))];
}

/** Of how many plots of a division each fact is on record. */
export function divisionTable({ plots, inventories }: DivisionInventories): HTMLElement {
  const heads = [t("plots.inventory"), t("plots.asked_fact"), t("plots.plots_telling")];
  const rows = inventories.flatMap((one) =>
    one.facts.map((fact): Child[] => [one.title, fact.title, tellingPlots(fact.on_record, plots)]),
  );
  return tableOf(heads, rows, "");
}

function tellingPlots(number: number | null, plots: number): string {
  if (number === null) return t("plots.withheld");
  return t("plots.of_facts", { on_record: number, asked: plots });
}

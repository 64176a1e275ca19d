/** The list of plots: all of the caller's divisions, or one register on a day. */
import { call, download } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { readFilters } from "../core/filters";
import { wireList, type ListPage } from "../core/list-page";
import { wireMasthead } from "../core/masthead";
import { divisionTable } from "../plots/inventories";
import { plotRow, plotTable, rowOfEntry, rowOfPlot, type Row } from "../plots/list";
import type { DivisionInventories, Plot, RegisterEntry } from "../plots/types";

const PAGE_LENGTH = 100;

await loadCatalogue();
wireMasthead();
drawIcons();
const lists = byId<HTMLSelectElement>("filter-list");
const planned = byId<HTMLSelectElement>("filter-planned");
const clear = byId<HTMLDetailsElement>("plots-clear");
lists.addEventListener("change", offerPlanned);
clear.addEventListener("toggle", () => void (clear.open && showInventories()));
for (const button of fileButtons()) {
  button.addEventListener("click", () => void whileBusy(button, () => save(button)));
}
wireList<Row>({
  place: byId("plots"),
  more: byId("plots-more"),
  row: plotRow,
  searching(filters) {
    offerFiles(filters.has("list"));
    offerScreening(filters.get("division"));
    offerPlanned();
    clear.open = false;
  },
  show(rows, filters) {
    if (rows.length > 0) return plotTable(rows, filters.has("list"));
    return h("p", { class: "empty" }, t("plots.none"));
  },
  async fetch(filters, after) {
    const { path, query } = addressOfRegister(filters);
    query.set("limit", String(PAGE_LENGTH));
    if (after) query.set("after", after);
    if (!filters.has("list")) {
      const page = await call<ListPage<Plot>>(`${path}?${query}`);
      return { items: page.items.map(rowOfPlot), next: page.next };
    }
    const page = await call<ListPage<RegisterEntry>>(`${path}?${query}`);
    return { items: page.items.map(rowOfEntry), next: page.next };
  },
});

/** Where what the filters ask for is answered. */
function addressOfRegister(filters: URLSearchParams): { path: string; query: URLSearchParams } {
  const query = new URLSearchParams(filters);
  const list = query.get("list");
  query.delete("list");
  if (!list) query.delete("planned");
  return { path: list ? `/plot-lists/${list}` : "/plots", query };
}

/** What is planned on its plots is asked of a register. */
function offerPlanned(): void {
  planned.disabled = !lists.value;
  if (planned.disabled) planned.value = "";
}

function fileButtons(): Iterable<HTMLButtonElement> {
  return document.querySelectorAll<HTMLButtonElement>("[data-export]");
}

/** A register is saved for spreadsheets, all plots for desktop GIS. */
function offerFiles(register: boolean): void {
  for (const button of fileButtons()) {
    button.hidden = (button.dataset["of"] === "register") !== register;
  }
}

/** The screening of decisions on plots begins with the division the filters name. */
function offerScreening(division: string | null): void {
  const query = new URLSearchParams({ kind: "plot_decisions" });
  if (division) query.set("division", division);
  byId<HTMLAnchorElement>("plots-decisions").href = `/screening?${query}`;
}

/** What is clear of the plots of the division that the filters name. */
async function showInventories(): Promise<void> {
  const place = byId("plots-clear-table");
  const division = readFilters(byId<HTMLFormElement>("filters")).get("division");
  fill(place, waiting());
  try {
    const query = division ? `?${new URLSearchParams({ division })}` : "";
    fill(place, divisionTable(await call<DivisionInventories>(`/plots/inventories${query}`)));
  } catch (error) {
    showProblem(place, error);
  }
}

/** Save what the filters show as a file. */
async function save(button: HTMLButtonElement): Promise<void> {
  const kind = button.dataset["export"] ?? "csv";
  const filters = readFilters(byId<HTMLFormElement>("filters"));
  const { path, query } = addressOfRegister(filters);
  query.set("format", kind);
  const name = filters.get("list") ?? "plots";
  fill(byId("fault"));
  try {
    await download(`${path}?${query}`, `${name}.${kind === "shp" ? "zip" : kind}`);
  } catch (error) {
    showProblem(byId("fault"), error);
  }
}

/** The list of plots: all of the caller's divisions, or one register on a day. */
import { call, download } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { notify, showProblem, waiting, whileBusy } from "../core/feedback";
import { addressOf, fillFilters, readFilters } from "../core/filters";
import { wireMasthead } from "../core/masthead";
import { toProblem } from "../core/problem";
import { plotRow, plotTable, rowOfEntry, rowOfPlot, type Row } from "../plots/list";
import type { Plot, RegisterEntry } from "../plots/types";

interface Page {
  rows: Row[];
  next: string | null;
}

const PAGE_LENGTH = 100;

const form = byId<HTMLFormElement>("filters");
const more = byId<HTMLButtonElement>("plots-more");
let next: { filters: URLSearchParams; after: string } | null = null;
let latest = 0;

await loadCatalogue();
wireMasthead();
drawIcons();
fillFilters(form, new URLSearchParams(location.search));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void whileBusy(byId("filter-button"), search);
});
form.addEventListener("reset", () => setTimeout(() => void search()));
more.addEventListener("click", () => void whileBusy(more, showMore));
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-export]")) {
  button.addEventListener("click", () => void whileBusy(button, () => save(button)));
}
void search();

async function search(): Promise<void> {
  const filters = readFilters(form);
  const mine = ++latest;
  history.replaceState(null, "", addressOf(filters));
  next = null;
  more.hidden = true;
  offerFiles(filters.has("list"));
  fill(byId("plots"), waiting());
  try {
    const page = await fetchPage(filters, null);
    if (mine !== latest) return;
    const empty = h("p", { class: "empty" }, t("plots.none"));
    const register = filters.has("list");
    fill(byId("plots"), page.rows.length > 0 ? plotTable(page.rows, register) : empty);
    keepPlace(filters, page);
  } catch (error) {
    if (mine === latest) showProblem(byId("plots"), error);
  }
}

async function showMore(): Promise<void> {
  if (!next) return;
  const { filters, after } = next;
  const mine = latest;
  try {
    const page = await fetchPage(filters, after);
    if (mine !== latest) return;
    byId("plots").querySelector("tbody")?.append(...page.rows.map(plotRow));
    keepPlace(filters, page);
  } catch (error) {
    const fault = h("div", {});
    byId("plots").append(fault);
    showProblem(fault, error);
  }
}

function keepPlace(filters: URLSearchParams, page: Page): void {
  next = page.next ? { filters, after: page.next } : null;
  more.hidden = next === null;
}

async function fetchPage(filters: URLSearchParams, after: string | null): Promise<Page> {
  const query = new URLSearchParams(filters);
  const list = query.get("list");
  query.delete("list");
  query.set("limit", String(PAGE_LENGTH));
  if (after) query.set("after", after);
  if (!list) {
    const page = await call<{ items: Plot[]; next: string | null }>(`/plots?${query}`);
    return { rows: page.items.map(rowOfPlot), next: page.next };
  }
  const path = `/plot-lists/${list}?${query}`;
  const page = await call<{ items: RegisterEntry[]; next: string | null }>(path);
  return { rows: page.items.map(rowOfEntry), next: page.next };
}

/** A register is saved for spreadsheets, all plots for desktop GIS. */
function offerFiles(register: boolean): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-export]")) {
    button.hidden = (button.dataset["of"] === "register") !== register;
  }
}

/** Save what the filters show as a file. */
async function save(button: HTMLButtonElement): Promise<void> {
  const kind = button.dataset["export"] ?? "csv";
  const query = readFilters(form);
  const list = query.get("list");
  query.delete("list");
  query.set("format", kind);
  const path = list ? `/plot-lists/${list}` : "/plots";
  try {
    await download(`${path}?${query}`, `${list ?? "plots"}.${kind === "shp" ? "zip" : kind}`);
  } catch (error) {
    notify(toProblem(error).title);
  }
}

/** The history page: decisions of the caller's divisions, the latest first. */
import { call } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { addressOf, fillFilters, readFilters } from "../core/filters";
import { wireMasthead } from "../core/masthead";
import { decisionRow, decisionTable } from "../query/decision-list";
import type { DecisionSummary } from "../query/types";

interface Page {
  items: DecisionSummary[];
  next: string | null;
}

const PAGE_LENGTH = 50;

const form = byId<HTMLFormElement>("filters");
const more = byId<HTMLButtonElement>("history-more");
/** Where the next page begins; the filters it belongs to do not change meanwhile. */
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
// The fields are cleared after the event.
form.addEventListener("reset", () => setTimeout(() => void search()));
more.addEventListener("click", () => void whileBusy(more, showMore));
void search();

async function search(): Promise<void> {
  const filters = readFilters(form);
  const mine = ++latest;
  history.replaceState(null, "", addressOf(filters));
  next = null;
  more.hidden = true;
  fill(byId("history"), waiting());
  try {
    const page = await fetchPage(filters, null);
    if (mine === latest) showFirst(filters, page);
  } catch (error) {
    if (mine === latest) showProblem(byId("history"), error);
  }
}

function showFirst(filters: URLSearchParams, page: Page): void {
  const empty = h("p", { class: "empty" }, t("history.none"));
  fill(byId("history"), page.items.length > 0 ? decisionTable(page.items) : empty);
  keepPlace(filters, page);
}

async function showMore(): Promise<void> {
  if (!next) return;
  const { filters, after } = next;
  const mine = latest;
  try {
    const page = await fetchPage(filters, after);
    if (mine !== latest) return;
    const body = byId("history").querySelector("tbody");
    const rows = page.items.map(decisionRow);
    body?.append(...rows);
    rows[0]?.querySelector("a")?.focus();
    keepPlace(filters, page);
  } catch (error) {
    const place = h("div", {});
    byId("history").append(place);
    showProblem(place, error);
  }
}

function keepPlace(filters: URLSearchParams, page: Page): void {
  next = page.next ? { filters, after: page.next } : null;
  more.hidden = next === null;
}

async function fetchPage(filters: URLSearchParams, after: string | null): Promise<Page> {
  const query = new URLSearchParams(filters);
  query.set("limit", String(PAGE_LENGTH));
  if (after) query.set("after", after);
  return call<Page>(`/gate/decisions?${query}`);
}

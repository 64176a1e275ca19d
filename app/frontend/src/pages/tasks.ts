/** The task board: what has to be done, late ones first. */
import { call, keyPerBody } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { addressOf, fillFilters, readFilters } from "../core/filters";
import { wireMasthead } from "../core/masthead";
import { taskCard } from "../tasks/card";
import { lateCard } from "../tasks/late";
import type { LateCount, Task } from "../tasks/types";

interface Page {
  items: Task[];
  next: string | null;
}

const PAGE_LENGTH = 50;
const NOT_ENDED = ["open", "in_progress", "done_awaiting_check"];

const form = byId<HTMLFormElement>("filters");
const list = byId("tasks");
const more = byId<HTMLButtonElement>("tasks-more");
const own = new Set((byId("content").dataset["bureaus"] ?? "").split(" "));
let next: { filters: URLSearchParams; after: string } | null = null;
let latest = 0;
/** Why no more tasks could be shown: the last entry of the list. */
const fault = h("li", {});

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
wireNew();
void search();

async function search(): Promise<void> {
  const filters = readFilters(form);
  const mine = ++latest;
  history.replaceState(null, "", addressOf(filters));
  next = null;
  more.hidden = true;
  fill(list, h("li", {}, waiting()));
  void showLate(filters, () => mine === latest);
  try {
    const page = await fetchPage(filters, null);
    if (mine !== latest) return;
    const empty = h("li", { class: "empty" }, t("tasks.none"));
    fill(list, ...(page.items.length > 0 ? page.items.map(cardOf) : [empty]));
    keepPlace(filters, page);
  } catch (error) {
    if (mine === latest) showInList(error);
  }
}

function cardOf(task: Task): HTMLElement {
  return taskCard(task, own, () => showLateAgain());
}

/** A step was taken: what is late may be other. */
function showLateAgain(): void {
  const mine = latest;
  void showLate(readFilters(form), () => mine === latest);
}

/** A problem as the only entry: a list holds nothing but entries. */
function showInList(error: unknown): void {
  const place = h("li", {});
  fill(list, place);
  showProblem(place, error);
}

async function showMore(): Promise<void> {
  if (!next) return;
  const { filters, after } = next;
  const mine = latest;
  try {
    const page = await fetchPage(filters, after);
    if (mine !== latest) return;
    fault.remove();
    const cards = page.items.filter((task) => !isShown(task)).map(cardOf);
    list.append(...cards);
    cards[0]?.querySelector("summary")?.focus();
    keepPlace(filters, page);
  } catch (error) {
    if (mine !== latest) return;
    list.append(fault);
    showProblem(fault, error);
  }
}

/** Show a task that was just opened, also when its place is further down the list. */
function showOpened(task: Task): void {
  if (!isShown(task)) list.append(cardOf(task));
  findCard(task)?.scrollIntoView({ block: "nearest" });
}

function isShown(task: Task): boolean {
  return findCard(task) !== null;
}

function findCard(task: Task): HTMLElement | null {
  return list.querySelector<HTMLElement>(`[data-task="${task.id}"]`);
}

function keepPlace(filters: URLSearchParams, page: Page): void {
  next = page.next ? { filters, after: page.next } : null;
  more.hidden = next === null;
}

async function fetchPage(filters: URLSearchParams, after: string | null): Promise<Page> {
  const query = new URLSearchParams(filters);
  if (!query.has("state")) for (const state of NOT_ENDED) query.append("state", state);
  query.set("limit", String(PAGE_LENGTH));
  if (after) query.set("after", after);
  return call<Page>(`/tasks?${query}`);
}

/** Say what is late by county and bureau, of what the filters ask for while they are `current`. */
async function showLate(filters: URLSearchParams, current: () => boolean): Promise<void> {
  const query = new URLSearchParams();
  for (const name of ["division", "bureau", "kind"]) {
    const value = filters.get(name);
    if (value) query.set(name, value);
  }
  try {
    const { items } = await call<{ items: LateCount[] }>(`/tasks/late?${query}`);
    if (!current()) return;
    const none = h("p", { class: "hint" }, t("tasks.nothing_late"));
    fill(byId("late"), items.length > 0 ? lateCard(items) : none);
  } catch {
    // The list below says what is wrong.
    if (current()) fill(byId("late"));
  }
}

/** Wire the form that opens a rectification, for those who may. */
function wireNew(): void {
  const fresh = document.querySelector<HTMLFormElement>("#new-task");
  if (!fresh) return;
  const key = keyPerBody();
  const value = (id: string): string => byId<HTMLInputElement>(id).value.trim();
  fresh.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(byId("new-button"), async () => {
      const body = {
        kind: "rectification",
        bureau: value("new-bureau"),
        facts: { problem: value("new-problem") },
        due_on: value("new-due") || null,
        person: value("new-person") || null,
      };
      try {
        const opened = await call<Task>("/tasks", {
          method: "POST",
          body,
          idempotencyKey: key(body),
        });
        fresh.reset();
        fill(byId("new-problem-box"));
        await search();
        showOpened(opened);
      } catch (error) {
        showProblem(byId("new-problem-box"), error);
      }
    });
  });
}

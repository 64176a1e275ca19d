/** Lists that are read page by page: what is not shown yet is a press away. */
import { t } from "../core/catalogue";
import { fill, h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { card, rowOf, tableOf } from "./record";

export interface Page<T> {
  items: T[];
  /** Where the next page begins; `null` where this is the last one. */
  next: string | number | null;
}

export type Fetch<T> = (after: string) => Promise<Page<T>>;

/** Make a button that adds the next page; none where there is no more. */
export function moreButton<T>(
  first: Page<T>,
  fetch: Fetch<T>,
  add: (items: readonly T[]) => void,
): HTMLElement | null {
  if (first.next === null) return null;
  let next: string | number | null = first.next;
  const fault = h("div", {});
  const button = h("button", { type: "button", class: "button", "data-more": "" }, t("history.more"));
  const place = h("div", { class: "stack-tight" }, fault, h("div", { class: "button-row" }, button));
  button.addEventListener("click", () => {
    void whileBusy(button, async () => {
      try {
        const page = await fetch(String(next));
        fill(fault);
        add(page.items);
        next = page.next;
        if (next === null) place.remove();
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return place;
}

/** A table that is read page by page. */
export interface PagedTable<T> {
  title: string;
  heads: string[];
  page: Page<T>;
  row: (item: T) => Child[];
  fetch: Fetch<T>;
  empty: string;
  note?: string | null;
}

export function pagedCard<T>(wanted: PagedTable<T>): HTMLElement {
  const { title, heads, page, row, fetch, empty, note } = wanted;
  const table = tableOf(heads, page.items.map(row), empty);
  const body = table.querySelector("tbody");
  const more = moreButton(page, fetch, (items) =>
    body?.append(...items.map((item) => rowOf(heads, row(item)))),
  );
  return card(title, note ? h("p", { class: "second" }, note) : null, table, more);
}

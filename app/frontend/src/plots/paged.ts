/** Tables that are read page by page. */
import { h, type Child } from "../core/dom";
import { moreButton, type Fetch, type Page } from "../core/more";
import { card, rowOf, tableOf } from "./record";

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

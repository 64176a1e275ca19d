/** A page that lists records: filters in its address, a first page, and more of it. */
import { byId, fill, h } from "./dom";
import { showProblem, waiting, whileBusy } from "./feedback";
import { addressOf, fillFilters, readFilters } from "./filters";

export interface ListPage<T> {
  items: T[];
  next: string | null;
}

/** What a list is of: where it stands, how it is fetched and how it looks. */
export interface Listing<T> {
  place: HTMLElement;
  more: HTMLButtonElement;
  fetch(filters: URLSearchParams, after: string | null): Promise<ListPage<T>>;
  /** The first page, with its table; also when it is empty. */
  show(items: readonly T[], filters: URLSearchParams): HTMLElement;
  row(item: T): HTMLElement;
  /** Told of every search before it begins. */
  searching?(filters: URLSearchParams): void;
}

/** Wire the filters and the button for more, and show what the address asks for. */
export function wireList<T>(listing: Listing<T>): void {
  const { place, more } = listing;
  const form = byId<HTMLFormElement>("filters");
  /** Where the next page begins; the filters it belongs to do not change meanwhile. */
  let next: { filters: URLSearchParams; after: string } | null = null;
  let latest = 0;
  const fault = h("div", {});
  place.after(fault);

  function keepPlace(filters: URLSearchParams, after: string | null): void {
    next = after ? { filters, after } : null;
    more.hidden = next === null;
  }

  async function search(): Promise<void> {
    const filters = readFilters(form);
    const mine = ++latest;
    history.replaceState(null, "", addressOf(filters));
    keepPlace(filters, null);
    listing.searching?.(filters);
    fill(fault);
    fill(place, waiting());
    try {
      const page = await listing.fetch(filters, null);
      if (mine !== latest) return;
      fill(place, listing.show(page.items, filters));
      keepPlace(filters, page.next);
    } catch (error) {
      if (mine === latest) showProblem(place, error);
    }
  }

  async function showMore(): Promise<void> {
    if (!next) return;
    const { filters, after } = next;
    const mine = latest;
    try {
      const page = await listing.fetch(filters, after);
      if (mine !== latest) return;
      fill(fault);
      const rows = page.items.map((item) => listing.row(item));
      place.querySelector("tbody")?.append(...rows);
      rows[0]?.querySelector("a")?.focus();
      keepPlace(filters, page.next);
    } catch (error) {
      if (mine === latest) showProblem(fault, error);
    }
  }

  fillFilters(form, new URLSearchParams(location.search));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(byId("filter-button"), search);
  });
  // The fields are cleared after the event.
  form.addEventListener("reset", () => setTimeout(() => void search()));
  more.addEventListener("click", () => void whileBusy(more, showMore));
  void search();
}

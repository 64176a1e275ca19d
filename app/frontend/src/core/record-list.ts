/** A list of records that grows by pages, and is listed anew when it is told to. */
import { t, type Key } from "./catalogue";
import { fill, h } from "./dom";
import { showProblem, waiting, whileBusy } from "./feedback";
import type { Page } from "./more";

/** What a list is of: where it stands, how it is fetched and how it looks. */
export interface RecordList<T> {
  place: HTMLElement;
  more: HTMLButtonElement;
  fetch(after: string | null): Promise<Page<T>>;
  line(item: T): HTMLElement;
  /** What is said where there is none. */
  empty: Key;
}

/**
 * Wire the button for more; return a function that lists anew. What cannot be added is
 * told below the list, which stays.
 */
export function wireRecords<T>(wanted: RecordList<T>): () => Promise<void> {
  const { place, more } = wanted;
  let latest = 0;
  let next: string | null = null;
  const fault = h("div", {});
  place.after(fault);

  const list = async (after: string | null): Promise<void> => {
    const mine = ++latest;
    fill(fault);
    if (!after) {
      fill(place, waiting());
      more.hidden = true;
    }
    try {
      const page = await wanted.fetch(after);
      if (mine !== latest) return;
      const lines = page.items.map((item) => wanted.line(item));
      if (after) {
        place.querySelector("ul")?.append(...lines);
        lines[0]?.querySelector("a")?.focus();
      } else if (lines.length > 0) fill(place, h("ul", { class: "upload-list" }, ...lines));
      else fill(place, h("p", { class: "empty" }, t(wanted.empty)));
      next = page.next === null ? null : String(page.next);
      more.hidden = next === null;
    } catch (error) {
      if (mine === latest) showProblem(after ? fault : place, error);
    }
  };
  more.addEventListener("click", () => void whileBusy(more, () => list(next)));
  return () => list(null);
}

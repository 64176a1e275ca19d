/** What of a list is not shown yet is a press away. */
import { t } from "./catalogue";
import { fill, h } from "./dom";
import { showProblem, whileBusy } from "./feedback";

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
  const place = h("div", { class: "stack-tight" }, fault, h("div", { class: "button-row is-middle" }, button));
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

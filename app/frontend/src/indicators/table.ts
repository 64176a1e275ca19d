/** A table of the dashboard: scrolls by itself; where the window is narrow rows are cards. */
import { h, type Child } from "../core/dom";
import { cell } from "../core/parts";

/** The head of a column; `figure` where it holds numbers, `long` where it holds sentences. */
export interface Head {
  title: string;
  figure?: boolean;
  long?: boolean;
}

export function dashboardTable(
  title: string,
  heads: readonly Head[],
  body: HTMLElement,
): HTMLElement {
  const cells = heads.map((head) =>
    h("th", { scope: "col", class: head.figure ? "figure" : null }, head.title),
  );
  return h(
    "div",
    { class: "run-scroll", role: "region", "aria-label": title, tabindex: "0" },
    h(
      "table",
      { class: "table card run-table dashboard-table" },
      h("caption", { class: "spoken" }, title),
      h("thead", {}, h("tr", {}, ...cells)),
      body,
    ),
  );
}

/** A row under `heads`: what it is about, then a value for each further head. */
export function dashboardRow(
  heads: readonly Head[],
  about: readonly Child[],
  values: readonly Child[],
): HTMLElement {
  const cells = values.map((value, place) => {
    const head = heads[place + 1]!;
    const made = cell(head.title, value);
    if (head.figure) made.classList.add("figure");
    if (head.long) made.classList.add("run-why");
    return made;
  });
  return h("tr", {}, h("th", { scope: "row" }, ...about), ...cells);
}

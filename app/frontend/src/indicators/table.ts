/** A table of the dashboard: scrolls by itself where the window is narrow. */
import { h } from "../core/dom";

/** The head of a column; `figure` where it holds numbers. */
export interface Head {
  title: string;
  figure?: boolean;
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
    { class: "run-scroll", tabindex: "0" },
    h(
      "table",
      { class: "table card run-table dashboard-table" },
      h("caption", { class: "spoken" }, title),
      h("thead", {}, h("tr", {}, ...cells)),
      body,
    ),
  );
}

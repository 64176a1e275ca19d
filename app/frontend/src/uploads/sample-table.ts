/** Rows of a file as they would be read: the surest way to see a wrong encoding. */
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { attributeTitle } from "./attributes";
import type { FieldMapping, SampleRow } from "./types";

/** A frame that scrolls by itself where the rows are wider; keys reach it too. */
export function sampleFrame(table: HTMLElement): HTMLElement {
  const about = { role: "region", "aria-label": t("confirm.samples"), tabindex: "0" };
  return h("div", { class: "scroll-x", ...about }, table);
}

export function sampleTable(rows: readonly SampleRow[], mapping: FieldMapping): HTMLElement {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return h(
    "table",
    { class: "table samples" },
    h("caption", { class: "spoken" }, t("confirm.samples")),
    h("thead", {}, h("tr", {}, ...fields.map((field) => head(field, mapping)))),
    h(
      "tbody",
      {},
      ...rows.map((row) =>
        h("tr", {}, ...fields.map((field) => h("td", {}, row[field] ?? "–"))),
      ),
    ),
  );
}

/** The field of the file and, below, the attribute it would fill. */
function head(field: string, mapping: FieldMapping): HTMLElement {
  const filled = Object.entries(mapping)
    .filter(([, from]) => from === field)
    .map(([attribute]) => attributeTitle(attribute));
  return h(
    "th",
    { scope: "col" },
    field,
    filled.length > 0 &&
      h("span", { class: "item-code" }, `→ ${filled.join(t("format.list_separator"))}`),
  );
}

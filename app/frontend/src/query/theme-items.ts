/** The objects of one theme as a table; pointing at a row outlines it on the map. */
import { t, term, word } from "../core/catalogue";
import { h } from "../core/dom";
import { areaM2, areaMu, day, distance, share } from "../core/format";
import { divisionsNamed, sourceNamed } from "../core/names";
import { dotted, originText, phrase } from "../core/parts";
import { shortened } from "./distance-view";
import type { BorderHit, ExtractItem, ThemeResult } from "./types";

/** Outline an object of a map layer, or none. */
export type Point = (layer: string, code: string | null) => void;

/** More rows than this are folded away. */
const ROWS_SHOWN = 12;

export function itemTable(theme: ThemeResult, point: Point): HTMLElement {
  const rows = [
    ...theme.items.map((item) => itemRow(theme.theme, item, point)),
    ...theme.border.map(borderRow),
  ];
  const body = h("tbody", {}, ...rows);
  const table = h(
    "table",
    { class: "table items" },
    h("caption", { class: "spoken" }, term("theme", theme.theme)),
    h("thead", {}, headRow()),
    body,
  );
  if (rows.length <= ROWS_SHOWN) return table;
  return foldRows(table, rows);
}

function headRow(): HTMLElement {
  return h(
    "tr",
    {},
    h("th", { scope: "col" }, t("item.object")),
    h("th", { scope: "col", class: "figure" }, t("item.area")),
    h("th", { scope: "col", class: "figure" }, t("item.position")),
  );
}

function foldRows(table: HTMLElement, rows: HTMLElement[]): HTMLElement {
  const hidden = rows.slice(ROWS_SHOWN);
  for (const row of hidden) row.hidden = true;
  const button = h(
    "button",
    { type: "button", class: "button is-plain no-print" },
    t("item.show_all", { count: rows.length }),
  );
  button.addEventListener("click", () => {
    for (const row of hidden) row.hidden = false;
    button.remove();
  });
  return h("div", {}, table, button);
}

function itemRow(theme: string, item: ExtractItem, point: Point): HTMLElement {
  const row = h("tr", {}, nameCell(item), areaCell(item), placeCell(item));
  const set = (on: boolean) => () => {
    row.classList.toggle("is-pointed", on);
    point(theme, on ? item.code : null);
  };
  row.addEventListener("pointerenter", set(true));
  row.addEventListener("pointerleave", set(false));
  return row;
}

function nameCell(item: ExtractItem): HTMLElement {
  return h(
    "th",
    { scope: "row" },
    item.name ?? item.code,
    item.category && ` · ${word("category", item.category)}`,
    h(
      "span",
      { class: "item-code" },
      ...dotted(
        item.name && item.code,
        sourceNamed(item.source),
        item.data_date && day(item.data_date),
        item.origin && originText(item.origin),
        item.distance_m > 0 && shortened(item.widened_by_m),
      ),
    ),
  );
}

function areaCell(item: ExtractItem): HTMLElement {
  if (item.area_m2 <= 0) return h("td", { class: "figure" }, "–");
  return h(
    "td",
    { class: "figure" },
    areaM2(item.area_m2),
    h("span", { class: "item-code" }, areaMu(item.area_m2)),
  );
}

/** Share for what lies on the subject, distance for what lies beside it. */
function placeCell(item: ExtractItem): HTMLElement {
  const on = item.relation === "on" && item.area_m2 > 0;
  return h(
    "td",
    { class: "figure" },
    on ? share(item.share) : distance(item.distance_m),
    h("span", { class: "item-code" }, term("relation", item.relation)),
  );
}

/** A hit across the border: the neighbour keeps what it is, so ask there. */
function borderRow(hit: BorderHit): HTMLElement {
  const division = divisionsNamed([hit.division_code]);
  const text =
    hit.relation === "within" && hit.within_m !== null
      ? phrase("item.border_within", {
          division,
          distance: distance(hit.within_m),
        })
      : phrase("item.border", {
          division,
          relation: term("relation", hit.relation),
        });
  return h("tr", { class: "is-border" }, h("td", { colspan: "3" }, text));
}

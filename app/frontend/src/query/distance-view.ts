/** The distance table: which sources lie within the ring that is watched around them. */
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { count, distance } from "../core/format";
import { more } from "../core/parts";
import type { DistanceRow } from "./types";

/** Tell that a distance was shortened, the thing being known as a point; else nothing. */
export function shortened(widenedByM: number | null | undefined): string {
  return widenedByM ? t("distance.widened", { metres: distance(widenedByM) }) : "";
}

export function distanceView(rows: readonly DistanceRow[]): HTMLElement {
  const inside = rows.filter((row) => row.inside);
  const outside = rows.filter((row) => !row.inside);
  return h(
    "section",
    { class: "theme-card" },
    h("h3", {}, t("distance.title")),
    inside.length > 0 && table(inside),
    outside.length > 0 &&
      more(t("distance.outside", { count: count(outside.length) }), table(outside)),
    h("p", { class: "theme-note" }, t("distance.default")),
  );
}

function table(rows: readonly DistanceRow[]): HTMLElement {
  return h(
    "table",
    { class: "table items" },
    h("caption", { class: "spoken" }, t("distance.title")),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, t("distance.source")),
        h("th", { scope: "col" }, t("distance.target")),
        h("th", { scope: "col", class: "figure" }, t("distance.measured")),
      ),
    ),
    h("tbody", {}, ...rows.map(row)),
  );
}

function row(line: DistanceRow): HTMLElement {
  const doubt = line.certain ? "" : t("distance.uncertain");
  return h(
    "tr",
    {},
    h(
      "th",
      { scope: "row" },
      line.name ?? line.code,
      h("span", { class: "item-code" }, [line.code, doubt, shortened(line.widened_by_m)].filter(Boolean).join(" · ")),
    ),
    h(
      "td",
      {},
      `${term("target", line.target)} · ${term("action", line.action)}`,
      h("span", { class: "item-code" }, t("distance.basis", { reason: line.reason })),
    ),
    h(
      "td",
      { class: "figure" },
      distance(line.distance_m),
      h("span", { class: "item-code" }, `≤ ${distance(line.limit_m)}`),
    ),
  );
}

/** What a plot touches: parcels, farmland, zones, decisions; and receptors near it. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { areaM2 } from "../core/format";
import { card, tableOf } from "./record";
import type { Touched } from "./types";

export function surroundingsCard(found: readonly Touched[]): HTMLElement {
  const heads = [t("plots.touched"), t("plots.name"), t("plots.relation"), t("plots.common_area")];
  const rows = found.map((one) => [
    term("theme", one.theme),
    nameOf(one),
    one.text,
    one.area_m2 > 0 ? areaM2(one.area_m2) : "–",
  ]);
  return card(t("plots.surroundings"), tableOf(heads, rows, t("plots.touches_nothing")));
}

function nameOf(one: Touched): Child {
  if (one.decision) return h("a", { href: `/?decision=${one.decision.id}` }, one.code);
  return one.theme === "parcel"
    ? h("a", { href: `/?parcel=${encodeURIComponent(one.code)}` }, one.code)
    : [one.name, one.code].filter(Boolean).join(" · ");
}

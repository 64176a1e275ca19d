/** What a plot touches: parcels, farmland, zones, decisions; and receptors near it. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { areaM2 } from "../core/format";
import type { Fetch, Page } from "../core/more";
import { pagedCard } from "./paged";
import type { Touched } from "./types";

/** A page of it; `cut_short` names themes of which there are more than are looked at. */
export interface Surroundings extends Page<Touched> {
  cut_short: string[];
}

export function surroundingsCard(page: Surroundings, fetch: Fetch<Touched>): HTMLElement {
  const heads = [t("plots.touched"), t("plots.name"), t("plots.relation"), t("plots.common_area")];
  const row = (one: Touched): Child[] => [
    term("theme", one.theme),
    nameOf(one),
    one.text,
    one.area_m2 > 0 ? areaM2(one.area_m2) : "–",
  ];
  const cut = page.cut_short.map((theme) => term("theme", theme));
  return pagedCard({
    title: t("plots.surroundings"),
    heads,
    page,
    row,
    fetch,
    empty: t("plots.touches_nothing"),
    note: cut.length > 0 ? t("plots.only_first", { themes: cut.join(t("format.list_separator")) }) : null,
  });
}

function nameOf(one: Touched): Child {
  if (one.decision) return h("a", { href: `/?decision=${one.decision.id}` }, one.code);
  return one.theme === "parcel"
    ? h("a", { href: `/?parcel=${encodeURIComponent(one.code)}` }, one.code)
    : [one.name, one.code].filter(Boolean).join(" · ");
}

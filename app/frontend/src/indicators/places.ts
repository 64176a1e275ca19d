/** By county and township, and what earlier periods were. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { areaMu, moment, share } from "../core/format";
import { dashboardRow, dashboardTable } from "./table";
import type { CategoryArea, Fall, Indicators, Snapshot } from "./types";

const CATEGORIES = ["priority_protection", "safe_use", "strict_control", "unclassified"];
const FARMLAND = "polluted_farmland_rate";
const PLOTS = "contaminated_plot_rate";

/** Area by category and the farmland rate of each township. */
export function placeTable(said: Indicators): HTMLElement {
  const rate = said.rates.find((one) => one.name === FARMLAND);
  const rates = new Map((rate?.townships ?? []).map((one) => [keyOf(one), one.rate]));
  const groups = new Map<string, CategoryArea[]>();
  for (const one of said.categories) {
    groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  }
  const heads = [
    { title: t("indicators.where") },
    ...CATEGORIES.map((category) => ({ title: term("category", category), figure: true })),
    { title: t("indicators.rate"), figure: true },
  ];
  const lines = [...groups].map(([key, areas]) => {
    const sums = CATEGORIES.map((category) => {
      const found = areas.find((one) => one.category === category);
      return found ? areaMu(found.area_m2) : "–";
    });
    return dashboardRow(heads, [nameOf(key, said)], [...sums, rateText(rates.get(key))]);
  });
  if (lines.length === 0) return h("p", { class: "empty" }, t("indicators.no_farmland"));
  return dashboardTable(t("indicators.by_place"), heads, h("tbody", {}, ...lines));
}

function rateText(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : share(value);
}

function keyOf(one: { division_code: string; township_code: string | null }): string {
  return one.township_code ?? one.division_code;
}

function nameOf(code: string, said: Indicators): string {
  const name = said.names[code];
  return name ? `${name} ${code}` : code;
}

/** What was kept of earlier periods, the latest first. */
export function trendTable(kept: readonly Snapshot[], report: (one: Snapshot) => Child): HTMLElement {
  if (kept.length === 0) return h("p", { class: "empty" }, t("indicators.none_kept"));
  const rate = (one: Snapshot, name: string): string => rateText(one.headline.rates[name]?.rate);
  const heads = [
    { title: t("indicators.period") },
    { title: t("indicators.farmland_short"), figure: true },
    { title: t("indicators.plots_short"), figure: true },
    { title: t("indicators.tasks_short"), figure: true },
    { title: t("indicators.kept_by") },
    { title: t("indicators.report") },
  ];
  const lines = kept.map((one) =>
    dashboardRow(
      heads,
      [one.period, one.revision > 1 && t("format.bracketed", { text: one.revision })],
      [
        rate(one, FARMLAND),
        rate(one, PLOTS),
        rate(one, "rectification_rate"),
        `${moment(one.recorded_at)} · ${one.actor}`,
        report(one),
      ],
    ),
  );
  return dashboardTable(t("indicators.trend"), heads, h("tbody", {}, ...lines));
}

/** Counties whose priority protection shrank. */
export function fallList(said: Indicators): Child {
  if (said.warnings.length === 0) return null;
  const line = (one: Fall): HTMLElement =>
    h(
      "li",
      {},
      t("indicators.fall", {
        place: nameOf(one.division_code, said),
        day: one.effective_on,
        before: areaMu(one.before_m2),
        after: areaMu(one.after_m2),
      }),
      " ",
      one.restricted === null
        ? t("indicators.restriction_open")
        : one.restricted
          ? t("indicators.restricted")
          : t("indicators.not_restricted"),
    );
  return h(
    "section",
    { class: "problem", "aria-label": t("indicators.falls") },
    h("p", { class: "problem-title" }, t("indicators.falls")),
    h("ul", { class: "bullets" }, ...said.warnings.map(line)),
  );
}

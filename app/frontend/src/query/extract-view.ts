/** What lies on and around the subject: every theme, the telling ones first. */
import { t, term, word } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { areaM2, areaMu, count, day, share } from "../core/format";
import { divisionsNamed } from "../core/names";
import { chip, phrase } from "../core/parts";
import { distanceView } from "./distance-view";
import { itemTable, type Point } from "./theme-items";
import type { CoverageState, Extract, ThemeResult, ThemeStatus } from "./types";

/** Order of the service: the first that holds is a theme's status. */
const ORDER: readonly ThemeStatus[] = [
  "concerned",
  "imprecise",
  "no_coverage",
  "stale",
  "clear",
];

/** Show an extract; `point` outlines an item on the map. */
export function extractView(extract: Extract, point: Point): HTMLElement {
  const groups = ORDER.map((status) => ({
    status,
    themes: extract.themes.filter((theme) => theme.status === status),
  })).filter(({ themes }) => themes.length > 0);
  return h(
    "div",
    { class: "stack" },
    h(
      "nav",
      { class: "status-counts", "aria-label": t("extract.by_status") },
      ...groups.map(({ status, themes }) => countLink(status, themes.length)),
    ),
    ...groups.map(({ status, themes }) => group(status, themes, point)),
    extract.distances.length > 0 && distanceView(extract.distances),
    h(
      "p",
      { class: "theme-note" },
      t("extract.read_at", { day: day(extract.as_of), number: extract.known_at }),
    ),
  );
}

function countLink(status: ThemeStatus, number: number): HTMLElement {
  const link = h("a", { href: `#themes-${status}` });
  link.append(chip("status", status, count(number)));
  return link;
}

function group(
  status: ThemeStatus,
  themes: readonly ThemeResult[],
  point: Point,
): HTMLElement {
  const hasDetail = (theme: ThemeResult): boolean =>
    theme.items.length > 0 || theme.border.length > 0;
  const cards = themes.filter(hasDetail);
  const lines = themes.filter((theme) => !hasDetail(theme));
  return h(
    "section",
    { class: "theme-group", id: `themes-${status}`, tabindex: "-1" },
    h("h3", {}, chip("status", status), h("span", {}, term("status_means", status))),
    ...cards.map((theme) => themeCard(theme, point)),
    lines.length > 0 && h("ul", { class: "theme-lines" }, ...lines.map(themeLine)),
  );
}

function themeLine(theme: ThemeResult): HTMLElement {
  return h(
    "li",
    {},
    h("span", {}, term("theme", theme.theme)),
    h("span", { class: "theme-note" }, coverageText(theme.coverage)),
  );
}

function themeCard(theme: ThemeResult, point: Point): HTMLElement {
  return h(
    "article",
    { class: "theme-card" },
    h(
      "div",
      { class: "theme-head" },
      h("h4", {}, term("theme", theme.theme)),
      theme.area_m2 > 0 && h("p", { class: "theme-sum" }, sumText(theme)),
    ),
    theme.status === "clear" && h("p", { class: "second" }, t("extract.only_near")),
    ...categoryLines(theme),
    itemTable(theme, point),
    h("p", { class: "theme-note" }, ...notes(theme)),
  );
}

function sumText(theme: ThemeResult): string {
  return `${areaM2(theme.area_m2)} · ${areaMu(theme.area_m2)} · ${share(theme.share)}`;
}

/** Categories with the area of their union; one alone repeats the theme's sum. */
function categoryLines(theme: ThemeResult): Child[] {
  if (theme.categories.length < 2) return [];
  return [
    h(
      "p",
      { class: "second" },
      theme.categories
        .map((part) => `${word("category", part.category)} ${share(part.share)}`)
        .join(t("format.list_separator")),
    ),
  ];
}

function notes(theme: ThemeResult): Child[] {
  const coverage = phrase("extract.coverage", { text: coverageText(theme.coverage) });
  if (theme.sliver_area_m2 <= 0) return [coverage];
  const slivers = t("extract.slivers", { area: areaM2(theme.sliver_area_m2) });
  return [coverage, t("format.sentence_gap"), slivers];
}

/** When and where the theme is known, county by county. */
function coverageText(coverage: readonly CoverageState[]): HTMLElement {
  if (coverage.length === 0) return h("span", {}, t("extract.no_county"));
  const several = coverage.length > 1;
  const counties = coverage.flatMap((county, index) => [
    index > 0 && t("format.list_separator"),
    several && divisionsNamed([county.division_code]),
    several && " ",
    countyText(county),
  ]);
  return h("span", {}, ...counties);
}

function countyText(county: CoverageState): string {
  const date = county.data_date && day(county.data_date);
  const state = county.state !== "covered" && term("coverage", county.state);
  const part = county.part ? t("extract.in_part") : "";
  return [date, state].filter(Boolean).join(" ") + part;
}

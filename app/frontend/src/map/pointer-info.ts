/** The card that names what lies under the pointer. */
import type { MapGeoJSONFeature } from "maplibre-gl";
import { language, t, term, word } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import { areaM2, areaMu, count } from "../core/format";

const MOST_LINES = 7;

/** Show the features under the pointer, each object once; none hides the card. */
export function showUnderPointer(features: readonly MapGeoJSONFeature[]): void {
  const card = byId("map-info");
  const seen = new Set<string>();
  const lines: HTMLElement[] = [];
  for (const feature of features) {
    const key = `${feature.source}/${String(feature.properties["code"])}`;
    if (seen.has(key) || lines.length === MOST_LINES) continue;
    seen.add(key);
    lines.push(...describe(feature));
  }
  card.hidden = lines.length === 0;
  fill(card, h("dl", {}, ...lines));
}

function describe(feature: MapGeoJSONFeature): HTMLElement[] {
  const facts = feature.properties as Record<string, string | number | undefined>;
  if (feature.source === "township") return describeTownship(facts);
  const area = Number(facts["mapped_area_m2"]);
  const category = facts["stage"] ?? facts["category"] ?? facts["level"];
  const parts = [
    facts["name"] ?? facts["code"],
    category && word("category", String(category)),
    facts["kind"] && term("category", String(facts["kind"])),
    facts["status"] && term("category", String(facts["status"])),
    facts["land_use_code"] && t("map.land_use", { code: facts["land_use_code"] }),
    feature.source === "parcel" && area > 0 && `${areaM2(area)} · ${areaMu(area)}`,
  ];
  return [
    h("dt", {}, term("theme", feature.source)),
    h(
      "dd",
      {},
      parts.filter(Boolean).join(" · "),
      ...duties(facts).map((line) => h("span", { class: "item-code" }, line)),
    ),
  ];
}

/** What an enterprise's record says of its audits and its emission; nothing of others. */
function duties(facts: Record<string, string | number | undefined>): string[] {
  const audited = facts["clean_production_audited_on"];
  const due = facts["clean_production_due_on"];
  const emitted = facts["heavy_metal_emission_kg"];
  const year = facts["heavy_metal_emission_year"];
  return [
    audited && t("map.audited", { day: audited }),
    due && t("map.audit_due", { day: due }),
    emitted !== undefined &&
      t("map.emission", { amount: emitted }) + (year ? t("format.bracketed", { text: year }) : ""),
  ].filter((line): line is string => Boolean(line));
}

function describeTownship(
  facts: Record<string, string | number | undefined>,
): HTMLElement[] {
  const sums = t("map.township_sums", {
    parcels: count(Number(facts["parcels"] ?? 0)),
    area: areaMu(Number(facts["area_m2"] ?? 0)),
    plots: count(Number(facts["plots"] ?? 0)),
  });
  return [
    h("dt", {}, String(facts[`name_${language()}`] ?? facts["name_zh"] ?? "")),
    h("dd", {}, sums),
  ];
}

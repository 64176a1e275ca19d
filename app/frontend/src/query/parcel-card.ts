/** The parcel that was found, or the polygon that was drawn, as a card of facts. */
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { areaM2, areaMu, day } from "../core/format";
import { landUseText } from "../core/land-use";
import { divisionsNamed, sourceNamed } from "../core/names";
import { fact, splitCode } from "../core/parts";
import type { Decision, Extract, Parcel } from "./types";

/** The card of a parcel of the register. */
export function parcelCard(parcel: Parcel): HTMLElement {
  return h(
    "section",
    { class: "card parcel-card", "aria-label": t("parcel.title") },
    h("p", { class: "over" }, t("parcel.title")),
    h("h2", { class: "heading", tabindex: "-1" }, splitCode(parcel.parcel_code)),
    h(
      "dl",
      { class: "facts" },
      parcel.location && fact(t("parcel.location"), parcel.location),
      fact(t("parcel.land_use"), landUse(parcel)),
      fact(t("parcel.registered_area"), ...bothUnits(parcel.registered_area_m2)),
      fact(t("parcel.mapped_area"), ...bothUnits(parcel.mapped_area_m2)),
      fact(t("parcel.division"), divisionsNamed([parcel.township_code ?? parcel.division_code])),
      fact(t("parcel.valid_from"), day(parcel.valid_from)),
      parcel.valid_to && fact(t("parcel.valid_to"), day(parcel.valid_to)),
      fact(t("parcel.source"), sourceNamed(parcel.source)),
    ),
  );
}

/** The card of a polygon that somebody drew or typed. */
export function polygonCard(extract: Extract): HTMLElement {
  const { mapped_area_m2: area, division_codes: divisions } = extract.subject;
  return h(
    "section",
    { class: "card parcel-card", "aria-label": t("polygon.title") },
    h("p", { class: "over" }, t("polygon.not_registered")),
    h("h2", { class: "heading", tabindex: "-1" }, t("polygon.title")),
    h(
      "dl",
      { class: "facts" },
      fact(t("parcel.mapped_area"), ...bothUnits(area)),
      fact(t("parcel.division"), divisionsNamed(divisions)),
    ),
  );
}

/** The card of the land of a decision whose parcel is no longer what it was. */
export function recordedCard(decision: Decision): HTMLElement {
  const { mapped_area_m2: area, division_codes: divisions } = decision.subject;
  const codes = decision.subject.parcel_codes;
  return h(
    "section",
    { class: "card parcel-card", "aria-label": t("recorded.title") },
    h("p", { class: "over" }, t("recorded.over", { day: day(decision.as_of) })),
    h("h2", { class: "heading", tabindex: "-1" }, t("recorded.title")),
    h(
      "dl",
      { class: "facts" },
      codes.length > 0 &&
        fact(t("query.code"), ...codes.map((code) => h("p", {}, splitCode(code)))),
      fact(t("parcel.mapped_area"), ...bothUnits(area)),
      fact(t("parcel.division"), divisionsNamed(divisions)),
    ),
  );
}

function bothUnits(m2: number | null): (HTMLElement | string)[] {
  if (m2 === null) return [t("parcel.not_recorded")];
  return [areaM2(m2), " ", h("span", { class: "second" }, areaMu(m2))];
}

function landUse(parcel: Parcel): string {
  const { land_use_scheme: scheme, land_use_code: code } = parcel;
  if (!code) return t("parcel.not_recorded");
  return scheme ? landUseText({ scheme, code }) : code;
}

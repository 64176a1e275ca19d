/** One finding: what it says, on what ground, what is needed, what lifts it. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { areaM2, areaMu, distance, share } from "../core/format";
import { chip, sentences } from "../core/parts";
import type { Evidence, Finding, LegalBasis } from "./types";

export function findingCard(finding: Finding): HTMLElement {
  return h(
    "section",
    { class: "card finding" },
    h(
      "div",
      { class: "finding-head" },
      h("h4", {}, finding.title),
      chip("outcome", finding.outcome),
      h("p", { class: "finding-rule" }, t("finding.rule", { rule: finding.rule })),
    ),
    finding.reason !== finding.title && h("p", {}, finding.reason),
    h("dl", { class: "finding-parts" }, ...parts(finding)),
  );
}

function parts(finding: Finding): Child[] {
  return [
    ...part(t("finding.basis"), list(finding.legal_basis.map(lawLine))),
    ...part(t("finding.evidence"), list(finding.evidence.map(evidenceLine))),
    ...part(t("finding.documents"), sentences(finding.required_documents)),
    ...part(t("finding.consult"), sentences(finding.consult)),
    ...part(
      t("finding.lifts_when"),
      finding.lifts_when ? h("p", {}, finding.lifts_when) : null,
    ),
  ];
}

function part(name: string, value: HTMLElement | null): Child[] {
  return value ? [h("dt", {}, name), h("dd", {}, value)] : [];
}

function list(lines: HTMLElement[]): HTMLElement | null {
  return lines.length > 0 ? h("ul", {}, ...lines) : null;
}

/** A ground of law with the mark that says whether its text was checked. */
function lawLine(basis: LegalBasis): HTMLElement {
  return h(
    "li",
    { class: "law" },
    h("span", {}, [basis.document, basis.article].filter(Boolean).join(" ")),
    h(
      "span",
      { class: "mark", "data-mark": basis.verification },
      basis.verification_text,
    ),
  );
}

function evidenceLine(evidence: Evidence): HTMLElement {
  const figures = [
    evidence.area_m2 ? `${areaM2(evidence.area_m2)} (${areaMu(evidence.area_m2)})` : "",
    evidence.share ? share(evidence.share) : "",
    evidence.distance_m !== null && !evidence.area_m2
      ? distance(evidence.distance_m)
      : "",
  ];
  const name = [term("theme", evidence.theme), evidence.feature];
  return h("li", {}, [...name, ...figures].filter(Boolean).join(" · "));
}

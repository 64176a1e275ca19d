/** One finding: what it says, on what ground, what is needed, what lifts it. */
import { t, term } from "../core/catalogue";
import { h, icon, type Child } from "../core/dom";
import { areaM2, areaMu, distance, share } from "../core/format";
import { usesNamed } from "../core/land-use";
import { divisionsNamed } from "../core/names";
import { chip, dotted, phrase, sentences } from "../core/parts";
import { shortened } from "./distance-view";
import { canBeLocated, categoryText, type Locate } from "./evidence";
import type { Evidence, Finding, InForce, LegalBasis, Outcome, Parameter } from "./types";

/** Make the card; `locate` shows a piece of evidence on the map. */
export function findingCard(finding: Finding, locate: Locate): HTMLElement {
  return h(
    "section",
    { class: "card finding" },
    h(
      "div",
      { class: "finding-head" },
      h("h4", {}, finding.title),
      chip("outcome", outcomeOf(finding)),
      h("p", { class: "finding-rule" }, t("finding.rule", { rule: finding.rule })),
    ),
    finding.reason && h("p", {}, usesNamed(finding.reason)),
    h("dl", { class: "finding-parts" }, ...parts(finding, locate)),
  );
}

/** The outcome of a rule: what it means, or would mean if it held. */
export function outcomeOf(finding: Finding): Outcome {
  return finding.outcome ?? finding.would_be ?? "allow";
}

function parts(finding: Finding, locate: Locate): Child[] {
  const text = (value: string | null | undefined): HTMLElement | null =>
    value ? h("p", {}, value) : null;
  return [
    ...part(t("finding.basis"), list(finding.legal_basis?.map(lawLine))),
    ...part(t("finding.in_force"), finding.in_force ? inForceLine(finding.in_force) : null),
    ...part(t("finding.evidence"), list(finding.evidence?.map((piece) => evidenceLine(piece, locate)))),
    ...part(t("finding.documents"), sentences(finding.required_documents ?? [])),
    ...part(t("finding.consult"), sentences(finding.consult ?? [])),
    ...part(t("finding.lifts_when"), text(finding.lifts_when)),
    ...part(t("finding.parameters"), list(finding.parameters?.map(parameterLine))),
    ...part(t("finding.note"), text(finding.note)),
  ];
}

function part(name: string, value: HTMLElement | null): Child[] {
  return value ? [h("dt", {}, name), h("dd", {}, value)] : [];
}

function list(lines: HTMLElement[] = []): HTMLElement | null {
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
      basis.confidence
        ? t("decision.confidence", {
            mark: basis.verification_text,
            confidence: basis.confidence,
          })
        : basis.verification_text,
    ),
  );
}

/** A number by its name; its key, too, for who looks it up in the rule set. */
function parameterLine({ id, value, unit, ...figure }: Parameter): HTMLElement {
  const told = `${term("parameter_value", value)} ${term("parameter_unit", unit)}`.trim();
  const said = h(
    "span",
    {},
    t("finding.parameter", { name: term("parameter", id), value: told }),
    " ",
    h("span", { class: "code second" }, id.toUpperCase()),
  );
  return h("li", { class: "law" }, said, sourceMark(figure));
}

/** Since when the rule holds, and whether that day was read or recalled. */
function inForceLine({ from, to, ...figure }: InForce): HTMLElement {
  const days = from
    ? t(to ? "finding.from_to" : "finding.from", { first: from, end: to ?? "" })
    : t("finding.always");
  return h("p", { class: "law" }, h("span", {}, days), sourceMark(figure));
}

/** The source of a figure with its mark; a source may begin with the mark itself. */
function sourceMark({ confidence, source }: { confidence: string; source: string }): HTMLElement {
  const mark = term("confidence", confidence);
  const said = [":", "："].some((colon) => source.startsWith(mark + colon));
  return h(
    "span",
    { class: "mark", "data-mark": confidence },
    said ? source : t("decision.confidence", { mark, confidence: source }),
  );
}

/** What was found, how much of it, where; of a neighbour's feature only whom to ask. */
function evidenceLine(evidence: Evidence, locate: Locate): HTMLElement {
  const { area_m2: area, distance_m: metres } = evidence;
  const theme = term("theme", evidence.theme);
  const line = dotted(
    theme,
    evidence.feature ?? (evidence.division_code && askThere(evidence.division_code)),
    categoryText(evidence),
    area ? `${areaM2(area)}${t("format.bracketed", { text: areaMu(area) })}` : "",
    evidence.share ? share(evidence.share) : "",
    metres !== null && !area ? distance(metres) : "",
    metres && !area ? shortened(evidence.widened_by_m) : "",
  );
  if (!canBeLocated(evidence)) return h("li", {}, ...line);
  const name = t("finding.locate", { name: `${theme} ${evidence.feature}` });
  const button = h(
    "button",
    { type: "button", class: "pin no-print", title: name, "aria-label": name },
    icon("pin"),
  );
  button.addEventListener("click", () => locate(evidence));
  return h("li", { class: "located" }, h("span", {}, ...line), button);
}

function askThere(division: string): HTMLElement {
  return phrase("finding.ask_division", { division: divisionsNamed([division]) });
}

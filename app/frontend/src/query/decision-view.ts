/** A decision as an officer reads it: outcome, what is missing, every finding. */
import { t, term } from "../core/catalogue";
import { h, icon, type Child } from "../core/dom";
import { count, day, moment } from "../core/format";
import { landUseText, usesNamed } from "../core/land-use";
import { markOf, more, sentences } from "../core/parts";
import { compareCards } from "./compare";
import type { Locate } from "./evidence";
import { findingCard, outcomeOf } from "./finding-card";
import { consultationCard, type Reader } from "./opinions";
import { ENDED, standingBox } from "./standing";
import type { Decision, Finding, Outcome } from "./types";

const SEVERITY: readonly Outcome[] = [
  "deny",
  "require_investigation",
  "insufficient_data",
  "consult",
  "allow_with_conditions",
  "allow",
];

/** What a record writes of a fact that has no entry. */
const NOTHING = "–";

/** Show a decision; `locate` shows a piece of its evidence on the map. */
export function decisionView(
  decision: Decision,
  locate: Locate,
  reader: Reader,
): HTMLElement {
  const card = (finding: Finding): HTMLElement => findingCard(finding, locate);
  const matched = bySeverity(decision.findings, "matched");
  const unknown = bySeverity(decision.findings, "unknown");
  return h(
    "article",
    { class: "stack", "aria-label": t("decision.title") },
    standingBox(decision),
    outcomeBanner(decision),
    consultationCard(decision, reader),
    compareCards(decision),
    textBox("decision.missing", decision.missing_facts.map(factText), "insufficient_data"),
    textBox("decision.conditions", decision.conditions.map(conditionText), "allow_with_conditions"),
    matched.length > 0 && findingList(t("decision.reasons"), matched.map(card)),
    textBox("decision.differences", decision.differences.map(differenceText), null),
    textBox("decision.notes", decision.notes, null),
    unknown.length > 0 &&
      more(
        t("decision.unknown", { count: count(unknown.length) }),
        h("div", { class: "stack-tight" }, ...unknown.map(card)),
      ),
    h("p", { class: "theme-note" }, recordText(decision)),
    h("p", { class: "disclaimer" }, decision.disclaimer),
  );
}

type BoxTitle =
  | "decision.missing"
  | "decision.conditions"
  | "decision.differences"
  | "decision.notes";

export function differenceText(difference: Decision["differences"][number]): string {
  const { fact } = difference;
  return t("decision.difference", {
    fact: term("fact", fact),
    recorded: sideText(fact, difference.recorded),
    declared: sideText(fact, difference.declared),
  });
}

/** One side of a difference, which records write as codes, in the words of certificates. */
function sideText(fact: string, written: string): string {
  if (written === NOTHING) return t("certificate.label.none");
  if (fact === "former_industry") {
    const industries = written.split(", ").map((code) => t("certificate.industry", { code, edition: "" }));
    return industries.join(t("format.list_separator"));
  }
  if (written === "True" || written === "False") return t(written === "True" ? "ask.yes" : "ask.no");
  return usesNamed(written);
}

function factText(missing: Decision["missing_facts"][number]): string {
  return missing.reason;
}

function conditionText(condition: Decision["conditions"][number]): string {
  const documents = condition.required_documents.join(t("format.list_separator"));
  return documents
    ? t("decision.with_documents", { text: condition.text, documents })
    : condition.text;
}

function bySeverity(findings: readonly Finding[], status: string): Finding[] {
  const rank = (finding: Finding): number => SEVERITY.indexOf(outcomeOf(finding));
  return findings
    .filter((finding) => finding.status === status)
    .sort((a, b) => rank(a) - rank(b) || a.rule.localeCompare(b.rule));
}

function outcomeBanner(decision: Decision): HTMLElement {
  const { outcome, standing } = decision;
  const ended = standing !== null && ENDED.has(standing.state);
  return h(
    "header",
    { class: "outcome", "data-tone": ended ? "ended" : outcome },
    h("span", { class: "outcome-mark" }, icon(markOf(outcome))),
    h(
      "div",
      {},
      h("h3", { class: "outcome-word", tabindex: "-1" }, term("outcome", outcome)),
      h("p", {}, term("outcome_means", outcome)),
    ),
    h("dl", { class: "outcome-facts" }, ...outcomeFacts(decision)),
  );
}

function outcomeFacts(decision: Decision): Child[] {
  const use = decision.planned_use;
  const pairs: [string, string | null][] = [
    [t("decision.transaction"), term("transaction", decision.transaction)],
    [t("decision.planned_use"), use && landUseText(use)],
    [t("decision.reference"), decision.reference],
    [t("decision.as_of"), day(decision.as_of)],
    [t("decision.valid_until"), decision.valid_until && day(decision.valid_until)],
    [t("decision.certificate"), decision.certificate_number],
  ];
  return pairs
    .filter(([, value]) => value)
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)));
}

function textBox(
  title: BoxTitle,
  texts: readonly string[],
  tone: Outcome | null,
): HTMLElement | null {
  if (texts.length === 0) return null;
  return h(
    "section",
    { class: "notice-box", "data-tone": tone },
    h("h3", {}, t(title)),
    sentences(texts),
  );
}

function findingList(title: string, cards: readonly HTMLElement[]): HTMLElement {
  return h("section", { class: "stack-tight" }, h("h3", {}, title), ...cards);
}

function recordText(decision: Decision): string {
  return t("decision.record", {
    time: moment(decision.recorded_at),
    id: decision.id,
    rules: t("certificate.rules_value", {
      name: term("rule_set", decision.rule_set.id),
      version: decision.rule_set.version,
    }),
  });
}

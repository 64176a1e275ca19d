/** A decision beside the one it replaces: which findings came out otherwise. */
import { call } from "../core/api";
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { problemBox } from "../core/feedback";
import type { Decision, Finding } from "./types";

interface Change {
  what: string;
  before: string;
  after: string;
}

/** Show what is other than before and than after; filled as the others arrive. */
export function compareCards(decision: Decision): HTMLElement | null {
  const next = decision.standing?.events.find((one) => one.kind === "replaced")?.by_decision;
  if (!decision.replaces && !next) return null;
  const place = h("div", { class: "stack", id: "compare" });
  if (next) void add(place, next, (other) => card(decision, other, other));
  if (decision.replaces) void add(place, decision.replaces, (other) => card(other, decision, other));
  return place;
}

async function add(
  place: HTMLElement,
  id: string,
  make: (other: Decision) => HTMLElement,
): Promise<void> {
  try {
    place.append(make(await call<Decision>(`/gate/decisions/${id}`)));
  } catch (error) {
    place.append(problemBox(error));
  }
}

function card(earlier: Decision, later: Decision, other: Decision): HTMLElement {
  const isNext = other === later;
  const changes = changesOf(earlier, later);
  const link = isNext ? t("compare.next") : t("compare.previous");
  return h(
    "section",
    { class: "card stack-tight", "data-compare": isNext ? "next" : "previous" },
    h("h3", {}, isNext ? t("compare.title_next") : t("compare.title")),
    changes.length > 0 ? table(changes) : h("p", {}, t("compare.same")),
    h("p", {}, h("a", { href: `/?decision=${other.id}` }, link), ` ${other.certificate_number}`),
  );
}

/** What came out otherwise, the outcome first. */
export function changesOf(earlier: Decision, later: Decision): Change[] {
  const before = new Map(earlier.findings.map((one) => [one.rule, one]));
  const after = new Map(later.findings.map((one) => [one.rule, one]));
  // A rule may have come with another rule set, or gone.
  const findings = [...new Map([...before, ...after]).values()].map(({ rule, title }) => ({
    what: t("compare.rule", { rule, title }),
    before: said(before.get(rule)),
    after: said(after.get(rule)),
  }));
  const outcome = {
    what: t("compare.outcome"),
    before: term("outcome", earlier.outcome),
    after: term("outcome", later.outcome),
  };
  return [
    outcome,
    ...findings,
    ...comings(t("compare.condition"), textsOf(earlier.conditions), textsOf(later.conditions)),
    ...comings(
      t("compare.missing"),
      earlier.missing_facts.map((one) => one.reason),
      later.missing_facts.map((one) => one.reason),
    ),
  ].filter((one) => one.before !== one.after);
}

function textsOf(conditions: Decision["conditions"]): string[] {
  return conditions.map((one) => one.text);
}

/** What a finding says in a word: its outcome, else how the rule stands. */
function said(finding: Finding | undefined): string {
  if (!finding) return "–";
  if (finding.outcome) return term("outcome", finding.outcome);
  return term("rule_status", finding.status);
}

/** Sentences that went or came. */
function comings(what: string, before: readonly string[], after: readonly string[]): Change[] {
  const gone = before.filter((one) => !after.includes(one));
  const come = after.filter((one) => !before.includes(one));
  return [
    ...gone.map((one) => ({ what, before: one, after: "–" })),
    ...come.map((one) => ({ what, before: "–", after: one })),
  ];
}

function table(changes: readonly Change[]): HTMLElement {
  const heads = [t("compare.item"), t("compare.before"), t("compare.after")];
  const rows = changes.map((one) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, one.what),
      h("td", {}, one.before),
      h("td", {}, one.after),
    ),
  );
  return h(
    "div",
    { class: "table-frame" },
    h(
      "table",
      { class: "table" },
      h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, ...rows),
    ),
  );
}

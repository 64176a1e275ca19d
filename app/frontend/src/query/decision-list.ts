/** Decisions as a table; each leads to its record. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { day, moment } from "../core/format";
import { cell, chip, nameCell, splitCode } from "../core/parts";
import { ENDED } from "./standing";
import type { DecisionSummary } from "./types";

export function decisionTable(decisions: readonly DecisionSummary[]): HTMLElement {
  const heads = [
    t("history.recorded"),
    t("decision.title"),
    t("decision.transaction"),
    t("query.code"),
    t("decision.certificate"),
    t("history.actor"),
  ];
  return h(
    "table",
    { class: "table records card" },
    h("caption", { class: "spoken" }, t("history.title")),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...decisions.map(decisionRow)),
  );
}

export function decisionRow(decision: DecisionSummary): HTMLElement {
  const ended = ENDED.has(decision.state);
  const until = !ended && decision.valid_until;
  return h(
    "tr",
    {},
    nameCell(
      t("history.recorded"),
      h("a", { href: `/?decision=${decision.id}` }, moment(decision.recorded_at)),
      until && h("span", { class: "item-code" }, `${t("decision.valid_until")} ${day(until)}`),
    ),
    cell(
      t("decision.title"),
      h(
        "div",
        { class: "stage" },
        ended ? h("s", {}, term("outcome", decision.outcome)) : chip("outcome", decision.outcome),
        decision.state !== "in_force" && chip("standing", decision.state),
      ),
    ),
    cell(t("decision.transaction"), term("transaction", decision.transaction)),
    cell(t("query.code"), ...landOf(decision)),
    cell(
      t("decision.certificate"),
      h("span", { class: "code is-long" }, decision.certificate_number),
    ),
    cell(t("history.actor"), decision.actor),
  );
}

export function landOf(decision: DecisionSummary): Child[] {
  const [first, ...others] = decision.parcel_codes;
  if (!first) return [t("polygon.title")];
  const rest = t("history.and_more", { count: others.length });
  return [splitCode(first), others.length > 0 && h("span", { class: "item-code" }, rest)];
}

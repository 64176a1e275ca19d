/** What a decision asks of departments (征求意见), and what they said to it. */
import { call, keyPerBody } from "../core/api";
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { notify, showProblem, whileBusy } from "../core/feedback";
import { fileButton } from "../core/files";
import { day } from "../core/format";
import { more, sentences } from "../core/parts";
import { opinionForm, showKept } from "./opinion-form";
import { ENDED } from "./standing";
import type { Decision, Opinion, OpinionKept } from "./types";

/** Who reads the decision: a department's officer, `*` for all of them, else nobody. */
export interface Reader {
  speaksFor: string;
  /** Told the decision that an opinion or its withdrawal made. */
  made(decision: Decision): void;
}

/** Show who is asked and what was said; an officer who is asked answers here. */
export function consultationCard(decision: Decision, reader: Reader): HTMLElement | null {
  const { consultation, opinions } = decision;
  if (consultation.length === 0 && opinions.length === 0) return null;
  const waiting = consultation.filter(
    (one) => one.waiting.length > 0 && mayChange(decision, reader, one.department),
  );
  return h(
    "section",
    { class: "card stack-tight", id: "consultation" },
    h("h3", {}, t("consultation.title")),
    sentences(consultation.map(askedText)),
    ...opinions.map((one) => opinionItem(one, decision, reader)),
    ...waiting.map((one) => opinionForm(decision, one, reader.made)),
  );
}

/** Which rules a department has answered on, and on which it has not. */
function askedText({ department, rules, waiting }: Decision["consultation"][number]): string {
  const answered = rules.filter((rule) => !waiting.includes(rule));
  const listed = (some: readonly string[]): string => some.join(t("format.list_separator"));
  const state = [
    answered.length > 0 && t("consultation.has_answered", { rules: listed(answered) }),
    waiting.length > 0 && t("consultation.waits", { rules: listed(waiting) }),
  ];
  return t("consultation.asked", {
    department: term("department", department),
    state: state.filter(Boolean).join(" · "),
  });
}

/** A decision that was annulled or replaced takes no opinion any more. */
function mayChange(decision: Decision, reader: Reader, department: string): boolean {
  const stands = decision.standing !== null && !ENDED.has(decision.standing.state);
  return stands && ["*", department].includes(reader.speaksFor);
}

function opinionItem(opinion: Opinion, decision: Decision, reader: Reader): HTMLElement {
  const stands = opinion.withdrawn_on === null;
  const given = {
    day: day(opinion.given_on),
    name: opinion.given_by,
    rules: opinion.rules.join(t("format.list_separator")),
  };
  const withdrawn = {
    day: day(opinion.withdrawn_on),
    name: opinion.withdrawn_by ?? "",
    reason: opinion.withdrawn_because ?? "",
  };
  const files = opinion.documents.map((id, place) =>
    fileButton(id, t("consultation.file", { number: place + 1 })),
  );
  return h(
    "section",
    { class: "opinion stack-tight", "data-position": opinion.position },
    h(
      "h4",
      {},
      `${term("department", opinion.department)} · ${term("position", opinion.position)}`,
    ),
    h("p", { class: "second" }, t("consultation.given", given)),
    h("p", {}, opinion.reason),
    opinion.conditions.length > 0 && h("p", { class: "second" }, t("consultation.conditions")),
    sentences(opinion.conditions),
    files.length > 0 && h("div", { class: "button-row no-print" }, ...files),
    !stands && h("p", { class: "second" }, t("consultation.withdrawn", withdrawn)),
    stands &&
      mayChange(decision, reader, opinion.department) &&
      withdrawalForm(opinion, decision, reader),
  );
}

function withdrawalForm(opinion: Opinion, decision: Decision, reader: Reader): HTMLElement {
  const id = `withdraw-${opinion.id}`;
  const reason = h("textarea", { class: "input", id, rows: 2, maxlength: 2000, required: true });
  const button = h("button", { class: "button", "data-withdraw": opinion.id }, t("consultation.withdraw"));
  const fault = h("div", {});
  const keyOf = keyPerBody();
  const form = h(
    "form",
    { class: "stack-tight" },
    h("div", { class: "field" }, h("label", { for: id }, t("consultation.withdraw_reason")), reason),
    fault,
    h("div", { class: "button-row" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      const body = {
        reason: reason.value.trim(),
        ...(reader.speaksFor === "*" ? { department: opinion.department } : {}),
      };
      const path = `/gate/decisions/${decision.id}/opinions/${opinion.id}/withdraw`;
      try {
        const options = { method: "POST", body, idempotencyKey: keyOf(body) } as const;
        const answer = await call<Decision | OpinionKept>(path, options);
        if ("impossible" in answer) showKept(fault, button, answer);
        else {
          reader.made(answer);
          notify(t("consultation.withdrawn_now"));
        }
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return more(t("consultation.withdraw"), form);
}

/** The form with which a department answers a decision that asks it. */
import { call, keyPerBody } from "../core/api";
import { t, term } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { notify, showProblem, whileBusy } from "../core/feedback";
import { sendFile } from "../core/files";
import type { Decision, OpinionKept } from "./types";

type Consulted = Decision["consultation"][number];

const POSITIONS = ["agree", "agree_with_conditions", "object"];

/** Make the form for the rules that wait; `made` is told the new decision. */
export function opinionForm(
  decision: Decision,
  asked: Consulted,
  made: (decision: Decision) => void,
): HTMLElement {
  const head = `opinion-${asked.department}`;
  const positions = POSITIONS.map((one) =>
    h("input", { type: "radio", name: head, value: one, required: true }),
  );
  const rules = asked.waiting.map((rule) =>
    h("input", { type: "checkbox", value: rule, checked: true }),
  );
  const reason = h("textarea", {
    class: "input",
    id: `${head}-reason`,
    rows: 3,
    maxlength: 2000,
    required: true,
    "aria-describedby": `${head}-hint`,
  });
  const conditions = h("textarea", { class: "input", id: `${head}-conditions`, rows: 3 });
  const files = h("input", { class: "input", id: `${head}-files`, type: "file", multiple: true });
  const button = h("button", { class: "button is-main", "data-opinion": asked.department }, t("consultation.send"));
  const fault = h("div", {});
  const conditionBox = field(t("consultation.condition_lines"), conditions);
  const chosen = (): string => positions.find((one) => one.checked)?.value ?? "";
  const matchConditions = (): void => {
    conditionBox.hidden = chosen() !== "agree_with_conditions";
    conditions.required = !conditionBox.hidden;
  };
  for (const one of positions) one.addEventListener("change", matchConditions);
  matchConditions();
  for (const box of rules) box.addEventListener("change", () => matchRules(rules));
  const keyOf = keyPerBody();

  async function send(): Promise<void> {
    const documents: string[] = [];
    for (const file of files.files ?? []) {
      documents.push(await sendFile(file, decision.division_code));
    }
    const body = {
      department: asked.department,
      position: chosen(),
      reason: reason.value.trim(),
      rules: rules.filter((box) => box.checked).map((box) => box.value),
      conditions: conditionBox.hidden ? [] : linesOf(conditions.value),
      documents,
    };
    const path = `/gate/decisions/${decision.id}/opinions`;
    const options = { method: "POST", body, idempotencyKey: keyOf(body) } as const;
    const answer = await call<Decision | OpinionKept>(path, options);
    if ("impossible" in answer) showKept(fault, button, answer);
    else {
      made(answer);
      notify(t("consultation.sent"));
    }
  }

  const form = h(
    "form",
    { class: "opinion-form stack-tight no-print", "data-department": asked.department },
    h("h4", {}, t("consultation.answer", { department: term("department", asked.department) })),
    choices(
      t("consultation.position"),
      positions.map((box) => [box, term("position", box.value)]),
    ),
    choices(
      t("consultations.rules"),
      rules.map((box) => [box, ruleText(decision, box.value)]),
    ),
    h("p", { class: "hint" }, t("consultation.only_these")),
    field(t("consultation.reason"), reason),
    h("p", { class: "hint", id: `${head}-hint` }, t("consultation.reason_hint")),
    conditionBox,
    field(t("consultation.files"), files),
    fault,
    h("div", { class: "button-row" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, () => send().catch((error) => showProblem(fault, error)));
  });
  return form;
}

/** Say that an opinion or its withdrawal is kept though no decision can follow. */
export function showKept(place: HTMLElement, button: HTMLElement, kept: OpinionKept): void {
  button.remove();
  fill(place, h("p", { class: "notice-box", role: "status" }, t("consultation.kept", { why: kept.impossible })));
}

/** No rule at all would mean every rule: one has to stay ticked. */
function matchRules(boxes: readonly HTMLInputElement[]): void {
  const none = boxes.every((box) => !box.checked);
  boxes[0]?.setCustomValidity(none ? t("consultation.choose_rule") : "");
}

function ruleText(decision: Decision, rule: string): string {
  const finding = decision.findings.find((one) => one.rule === rule);
  return t("compare.rule", { rule, title: finding?.title ?? "" });
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line);
}

function choices(
  title: string,
  boxes: readonly (readonly [HTMLInputElement, string])[],
): HTMLElement {
  const labels = boxes.map(([box, text]) => h("label", { class: "choice" }, box, text));
  return h("fieldset", { class: "field fieldset" }, h("legend", {}, title), h("div", { class: "choices" }, ...labels));
}

function field(title: string, input: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: input.id }, title), input);
}

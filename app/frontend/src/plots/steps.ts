/** What may come next: each step with what it needs, and the form that records it. */
import { call, keyPerBody } from "../core/api";
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { notify, showProblem, whileBusy } from "../core/feedback";
import { raised } from "../core/format";
import { paperInputs } from "./papers";
import { card } from "./record";
import { detailInput } from "./step-fields";
import { basisList } from "./timeline";
import type { NextSteps, Paper, Step } from "./types";

/** Where events are recorded, and what happens after one was. */
export interface Recording {
  path: string;
  mayRecord: boolean;
  papers: readonly Paper[];
  division: string;
  recorded: () => void;
}

export function stepsCard(next: NextSteps, recording: Recording): HTMLElement {
  const steps = next.steps.map((step) => stepItem(step, recording));
  const empty = h("p", { class: "second" }, t("plots.no_steps"));
  return card(
    t("plots.next"),
    h("p", { class: "second" }, t("plots.next_hint")),
    ...(steps.length > 0 ? steps : [empty]),
  );
}

function stepItem(step: Step, recording: Recording): HTMLElement {
  const may = recording.mayRecord && step.may_record;
  return h(
    "details",
    { class: "step", "data-event": step.event },
    h(
      "summary",
      {},
      h("span", { class: "step-title" }, raised(step.title)),
      " ",
      h("span", { class: "second" }, `→ ${term("category", step.to_stage)}`),
    ),
    h(
      "div",
      { class: "step-body" },
      h("p", { class: "second" }, [t("plots.actor"), step.actor].join(t("format.colon"))),
      needs(step),
      step.deadlines.length > 0 &&
        h("p", {}, [t("plots.deadlines"), step.deadlines.join(t("format.list_separator"))].join(t("format.colon"))),
      basisList(step.basis),
      may
        ? stepForm(step, recording)
        : h("p", { class: "second" }, t("plots.not_yours", { actor: step.actor })),
    ),
  );
}

function needs(step: Step): HTMLElement {
  return h(
    "ul",
    { class: "bullets" },
    ...step.documents_text.map((text) => h("li", {}, t("plots.needs_paper", { paper: text }))),
    ...step.conditions.map((one) => h("li", {}, raised(one.text))),
  );
}

function stepForm(step: Step, recording: Recording): HTMLElement {
  const fault = h("div", {});
  const on = h("input", { class: "input", type: "date", id: `${step.event}-on` });
  const note = h("input", {
    class: "input",
    type: "text",
    id: `${step.event}-note`,
    maxlength: 500,
  });
  const details = step.fields.map((field) => ({
    name: field.name,
    input: detailInput(field, `${step.event}-${field.name}`),
  }));
  const papers = paperInputs(step, recording.papers, recording.division);
  const button = h("button", { class: "button is-main" }, t("plots.record_event"));
  const keyOf = keyPerBody();
  const form = h(
    "form",
    { class: "step-form stack-tight" },
    h(
      "div",
      { class: "step-fields" },
      labelled(t("plots.on"), on),
      ...details.map(({ input }) => input.element),
      ...papers.map((paper) => paper.element),
      labelled(t("plots.note"), note),
    ),
    fault,
    h("div", { class: "button-row" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      const entered = details
        .map(({ name, input }) => [name, input.value()] as const)
        .filter(([, value]) => value !== undefined);
      try {
        const documents: unknown[] = [];
        for (const paper of papers) documents.push(await paper.value());
        const body = {
          event: step.event,
          ...(on.value ? { on: on.value } : {}),
          details: Object.fromEntries(entered),
          documents,
          ...(note.value.trim() ? { note: note.value.trim() } : {}),
        };
        const options = { method: "POST", body, idempotencyKey: keyOf(body) } as const;
        const made = await call<{ warnings: string[] }>(recording.path, options);
        notify([t("plots.recorded_event", { event: step.title }), ...made.warnings].join(" "));
        recording.recorded();
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return form;
}

function labelled(title: string, input: HTMLInputElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: input.id }, title), input);
}

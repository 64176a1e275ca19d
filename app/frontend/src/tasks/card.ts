/** One task as a card: its line, and opened its ground, steps and what may be done. */
import { call } from "../core/api";
import { t, term } from "../core/catalogue";
import { fill, h, icon, type Child } from "../core/dom";
import { notify, showProblem, waiting } from "../core/feedback";
import { fileButton } from "../core/files";
import { day, moment, raised } from "../core/format";
import { divisionsNamed } from "../core/names";
import { dotted, fact } from "../core/parts";
import { plotPage } from "../plots/list";
import { stepForm } from "./steps";
import type { Basis, Subject, Task, TaskStep, TaskWithSteps } from "./types";

/** Bureaus whose tasks the person at the page carries on. */
export type Bureaus = ReadonlySet<string>;

/** `moved` is called after each step that is taken. */
export function taskCard(task: Task, own: Bureaus, moved: () => void): HTMLElement {
  const body = h("div", { class: "task-body" });
  const summary = h("summary", {}, ...line(task));
  const card = h("details", { class: "card task", "data-task": task.id }, summary, body);

  function show(found: TaskWithSteps): void {
    fill(summary, ...line(found));
    fill(body, ...inside(found, own, taken));
  }
  function taken(after: TaskWithSteps): void {
    const last = after.steps[after.steps.length - 1];
    notify(t("tasks.done", { step: last?.step_text ?? "" }));
    show(after);
    summary.focus();
    moved();
  }
  async function load(): Promise<void> {
    fill(body, waiting());
    try {
      show(await call<TaskWithSteps>(`/tasks/${task.id}`));
    } catch (error) {
      showProblem(body, error);
    }
  }
  card.addEventListener("toggle", () => {
    if (card.open && body.childElementCount === 0) void load();
  });
  return h("li", {}, card);
}

function line(task: Task): HTMLElement[] {
  const late = h("span", { class: "chip task-late" }, icon("info"), t("tasks.late"));
  const due = task.due_on ? t("tasks.due", { day: day(task.due_on) }) : t("tasks.no_due");
  const division = divisionsNamed([task.division_code]);
  const about = dotted(raised(task.bureau_text), task.person ?? t("tasks.nobody"), division, task.kind_text);
  return [
    h("span", { class: "task-due" }, due, task.late && late),
    h("span", { class: "task-title" }, task.title),
    h("span", { class: "chip" }, raised(task.state_text)),
    h("span", { class: "task-about" }, ...about),
  ];
}

function inside(
  task: TaskWithSteps,
  own: Bureaus,
  taken: (after: TaskWithSteps) => void,
): HTMLElement[] {
  const form = own.has(task.bureau)
    ? stepForm(task, taken)
    : h("p", { class: "hint" }, t("tasks.other_bureau"));
  const facts = h(
    "dl",
    { class: "facts" },
    task.subject && fact(t("tasks.subject"), ...subjectOf(task.subject, task.division_code)),
    task.decision_id &&
      fact(
        t("decision.title"),
        h("a", { href: `/?decision=${task.decision_id}` }, task.facts["decision"] ?? task.decision_id),
      ),
    task.due_text && fact(t("tasks.counted"), raised(task.due_text)),
    task.basis.length > 0 && fact(t("tasks.basis"), ...task.basis.map(ground)),
  );
  const steps = h("ol", { class: "task-steps" }, ...task.steps.map(stepLine));
  return [
    h("div", { class: "stack" }, facts, h("h2", {}, t("tasks.history")), steps),
    h("div", { class: "stack" }, form),
  ];
}

/** What a task is about; a plot leads to its page. */
function subjectOf({ theme, code }: Subject, division: string): Child[] {
  const name = theme === "plot" ? h("a", { href: plotPage(code, division) }, code) : code;
  return [term("theme", theme), " ", name];
}

function ground(basis: Basis): HTMLElement {
  return h("div", {}, `${basis.document}${basis.article} `, h("span", { class: "hint" }, basis.verification_text));
}

function stepLine(step: TaskStep): HTMLElement {
  const files = step.documents.map((id, index) =>
    fileButton(id, t("tasks.download", { number: index + 1 }), "button is-plain"),
  );
  return h(
    "li",
    {},
    h("strong", {}, raised(step.step_text)),
    step.person && ` ${step.person}`,
    step.due_on && ` · ${t("tasks.due", { day: day(step.due_on) })}`,
    step.note && h("div", {}, step.note),
    h("div", { class: "step-when" }, `${moment(step.happened_at)} · ${step.actor}`),
    ...files,
  );
}

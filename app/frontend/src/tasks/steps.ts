/** What may be done with a task, as a form; each press is one step. */
import { call, keyPerBody } from "../core/api";
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { sendFile } from "../core/files";
import type { TaskStepRequest, TaskWithSteps } from "./types";

const UNDER_WAY = ["open", "in_progress"];

/** The steps that a task's state allows; none where it has ended. */
export function stepForm(
  task: TaskWithSteps,
  taken: (after: TaskWithSteps) => void,
): HTMLElement | null {
  if (task.state === "struck_off" || task.state === "withdrawn") return null;
  const underWay = UNDER_WAY.includes(task.state);
  const person = h("input", {
    class: "input",
    id: `person-${task.id}`,
    maxlength: 100,
    autocomplete: "off",
    value: task.person ?? "",
  });
  const note = h("textarea", { class: "input", id: `note-${task.id}`, rows: 2, maxlength: 2000 });
  const file = h("input", { class: "input", id: `file-${task.id}`, type: "file" });
  const problem = h("div", {});
  const key = keyPerBody();

  async function take(step: string, withFile = false): Promise<void> {
    try {
      const request: TaskStepRequest = { step };
      if (step === "assigned" && person.value.trim()) request.person = person.value.trim();
      if (note.value.trim()) request.note = note.value.trim();
      if (withFile && file.files?.[0]) {
        request.documents = [await sendFile(file.files[0], task.division_code)];
      }
      const path = `/tasks/${task.id}/steps`;
      const options = { method: "POST" as const, body: request, idempotencyKey: key(request) };
      taken(await call<TaskWithSteps>(path, options));
    } catch (error) {
      showProblem(problem, error);
    }
  }

  function press(text: string, step: string, { main = false, withFile = false } = {}) {
    const button: HTMLButtonElement = h(
      "button",
      {
        class: main ? "button is-main" : "button",
        type: "button",
        "data-step": step,
        onclick: () => void whileBusy(button, () => take(step, withFile)),
      },
      text,
    );
    return button;
  }

  return h(
    "div",
    { class: "stack task-form" },
    underWay &&
      h(
        "div",
        { class: "stack" },
        field(t("tasks.person"), person),
        h("div", { class: "button-row" }, press(t("tasks.assign"), "assigned")),
      ),
    field(t("tasks.note"), note),
    field(t("tasks.evidence_file"), file),
    h(
      "div",
      { class: "button-row" },
      press(t("tasks.add_evidence"), "evidence_added", { withFile: true }),
      underWay && press(t("tasks.report_done"), "reported_done", { main: true, withFile: true }),
      !underWay && press(t("tasks.strike_off"), "struck_off", { main: true }),
      !underWay && press(t("tasks.return"), "returned"),
      press(t("tasks.withdraw"), "withdrawn"),
    ),
    problem,
  );
}

function field(label: string, input: HTMLElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
}

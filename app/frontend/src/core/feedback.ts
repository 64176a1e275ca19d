/** Show problems where they arose, and short notices that pass. */
import { t } from "./catalogue";
import { byId, fill, h, icon } from "./dom";
import { toProblem } from "./problem";

const NOTICE_MS = 5000;

/** Make the box that shows a problem: what, details, each fault with its place. */
export function problemBox(error: unknown): HTMLElement {
  const problem = toProblem(error);
  const faults = problem.items.map((item) =>
    h(
      "li",
      {},
      item.where && h("code", { class: "problem-where" }, item.where),
      item.message,
    ),
  );
  return h(
    "div",
    { class: "problem", role: "alert", tabindex: "-1" },
    h("p", { class: "problem-title" }, icon("info"), problem.title),
    problem.detail && h("p", { class: "problem-detail" }, problem.detail),
    faults.length > 0 && h("ul", { class: "problem-items" }, ...faults),
  );
}

/** Show a problem in `place` in place of what stood there, and move focus to it. */
export function showProblem(place: Element, error: unknown): void {
  const box = problemBox(error);
  fill(place, box);
  box.focus({ preventScroll: true });
  box.scrollIntoView({ block: "nearest" });
}

/** Show a line of text at the foot of the page for a few seconds. */
export function notify(message: string): void {
  const notice = h("p", { class: "notice" }, message);
  byId("notices").append(notice);
  setTimeout(() => notice.remove(), NOTICE_MS);
}

/** Show that something is being fetched. */
export function waiting(): HTMLElement {
  return h(
    "p",
    { class: "waiting", role: "status" },
    h("span", { class: "waiting-mark", "aria-hidden": "true" }),
    t("common.waiting"),
  );
}

/** Disable a button while `work` runs, so that one press is one request. */
export async function whileBusy(
  button: HTMLButtonElement,
  work: () => Promise<void>,
): Promise<void> {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
}

/** Show problems where they arose, and short notices that pass. */
import { t } from "./catalogue";
import { byId, fill, h, icon, type Child } from "./dom";
import { fieldName } from "./field-names";
import { toProblem } from "./problem";

const NOTICE_MS = 5000;

/** Make the box that shows a problem: what, details, each fault with its place. */
export function problemBox(error: unknown): HTMLElement {
  const problem = toProblem(error);
  const faults = problem.items.map((item) => h("li", {}, whereOf(item.where), item.message));
  // The list stands below; the interface calls it `errors`.
  const detail = problem.detail.replace(/(，见|, see) errors[。.]$/, t("format.stop"));
  const asked = problem.status >= 500 && problem.body["request_id"];
  return h(
    "div",
    { class: "problem", role: "alert", tabindex: "-1" },
    h("p", { class: "problem-title" }, icon("info"), problem.title),
    detail && h("p", { class: "problem-detail" }, detail),
    typeof asked === "string" && h("p", {}, t("problem.request", { id: asked })),
    faults.length > 0 && h("ul", { class: "problem-items" }, ...faults),
  );
}

/** The field by its title on the page; by its name in the interface where it has none. */
function whereOf(where: string): Child {
  if (!where) return null;
  const title = fieldName(where);
  if (title) return h("strong", { class: "problem-where" }, title, t("format.colon"));
  return h("code", { class: "problem-where" }, where);
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

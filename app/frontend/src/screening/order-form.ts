/** The form that orders a run, made from the fields that each kind names. */
import { call, keyPerBody } from "../core/api";
import { t } from "../core/catalogue";
import { fill, h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { raised } from "../core/format";
import type { PolygonGeometry } from "../geo/polygon";
import type { Field, Kind, Run } from "./types";

/** Types of field whose value an address can bring. */
const TYPED: ReadonlySet<Field["type"]> = new Set(["text", "date", "division"]);

/** Let a person draw; `use` gets the polygon and its size in words. */
export type DrawPolygon = (use: (polygon: PolygonGeometry, size: string) => void) => void;

/**
 * Fill a form with the kinds of run; `ordered` gets the run that was accepted.
 *
 * `asked` may name the kind that is shown first, and fields of it, by their names.
 */
export function wireOrderForm(
  form: HTMLFormElement,
  kinds: readonly Kind[],
  asked: URLSearchParams,
  ordered: (run: Run) => void,
  draw: DrawPolygon,
): void {
  const keyFor = keyPerBody();
  const chosen = h(
    "select",
    { class: "input", id: "order-kind" },
    ...kinds.map((kind) => h("option", { value: kind.kind }, kind.title)),
  );
  const about = h("p", { class: "hint" });
  const fields = h("div", { class: "ask-grid" });
  const asOf = h("input", { class: "input", id: "order-as-of", type: "date" });
  const fault = h("div", {});
  const button = h("button", { class: "button is-main", id: "order-button" }, t("screen.order"));
  const kind = (): Kind => kinds.find((one) => one.kind === chosen.value) ?? kinds[0]!;
  const show = (): void => {
    about.textContent = kind().about;
    fill(fields, ...kind().fields.map((field) => fieldOf(field, draw)));
  };
  chosen.addEventListener("change", show);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      fill(fault);
      const body = {
        kind: kind().kind,
        parameters: readParameters(fields, kind().fields),
        ...(asOf.value ? { as_of: asOf.value } : {}),
      };
      try {
        ordered(await call<Run>("/screening/runs", {
          method: "POST",
          body,
          idempotencyKey: keyFor(body),
        }));
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  fill(
    form,
    labelled("order-kind", t("screen.kind"), chosen, about),
    fields,
    labelled("order-as-of", t("screen.as_of"), asOf, h("p", { class: "hint" }, t("screen.as_of_hint"))),
    fault,
    h("div", { class: "button-row" }, button),
  );
  if (kinds.some((one) => one.kind === asked.get("kind"))) chosen.value = asked.get("kind")!;
  show();
  for (const [name, value] of asked) {
    const field = kind().fields.find((one) => one.name === name && TYPED.has(one.type));
    if (field) fields.querySelector<HTMLInputElement>(`[data-field="${field.name}"]`)!.value = value;
  }
}

function labelled(id: string, title: string, ...inside: Child[]): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: id }, title), ...inside);
}

function fieldOf(field: Field, draw: DrawPolygon): HTMLElement {
  const id = `order-${field.name}`;
  const hint = h("p", { class: "hint" }, hintOf(field));
  if (field.type === "choices") return choicesOf(field, hint);
  if (field.type === "polygon") return polygonOf(field, id, draw);
  if (field.type === "yes_no") {
    const box = h("input", { type: "checkbox", id, "data-field": field.name });
    box.checked = field.default === true;
    return h("div", { class: "field" }, h("label", { class: "choice", for: id }, box, field.title), hint);
  }
  return labelled(id, field.title, inputOf(field, id), hint);
}

/** What was drawn is kept with the button; a second drawing replaces it. */
function polygonOf(field: Field, id: string, draw: DrawPolygon): HTMLElement {
  const told = h("p", { class: "hint", role: "status" }, t("screen.not_drawn"));
  const button = h("button", { type: "button", class: "button", id, "data-field": field.name }, t("query.draw"));
  button.addEventListener("click", () =>
    draw((polygon, size) => {
      button.dataset["polygon"] = JSON.stringify(polygon);
      told.textContent = size;
    }),
  );
  return h("div", { class: "field", role: "group", "aria-label": field.title }, h("p", {}, field.title), button, told);
}

function hintOf(field: Field): string {
  const codes = field.type === "codes" && t("screen.codes_hint");
  return raised([field.hint, codes].filter(Boolean).join(t("format.list_separator")));
}

function choicesOf(field: Field, hint: HTMLElement): HTMLElement {
  const chosen = new Set((field.default as string[] | null) ?? []);
  const boxes = field.choices.map((one) => {
    const box = h("input", { type: "checkbox", value: one.value, "data-field": field.name });
    box.checked = chosen.has(one.value);
    return h("label", { class: "choice" }, box, raised(one.title));
  });
  return h(
    "fieldset",
    { class: "fieldset wide" },
    h("legend", {}, field.title),
    h("div", { class: "choices" }, ...boxes),
    hint,
  );
}

function inputOf(field: Field, id: string): HTMLElement {
  const common = { class: "input", id, "data-field": field.name, required: field.required };
  if (field.type === "choice") {
    const empty = field.required || field.default !== null ? [] : [h("option", { value: "" }, "")];
    const options = field.choices.map((one) =>
      h("option", { value: one.value, selected: one.value === field.default }, raised(one.title)),
    );
    return h("select", common, ...empty, ...options);
  }
  if (field.type === "number") {
    const value = field.default === null ? "" : String(field.default);
    return h("input", { ...common, type: "number", min: field.least, max: field.most, step: "any", value });
  }
  if (field.type === "date") return h("input", { ...common, type: "date" });
  const maxlength = field.type === "codes" ? 20_000 : 200;
  return h("input", { ...common, type: "text", maxlength, autocomplete: "off" });
}

function readParameters(place: HTMLElement, fields: readonly Field[]): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const field of fields) {
    const value = readField(place, field);
    if (value !== null) parameters[field.name] = value;
  }
  return parameters;
}

function readField(place: HTMLElement, field: Field): unknown {
  const inputs = [...place.querySelectorAll<HTMLInputElement>(`[data-field="${field.name}"]`)];
  if (field.type === "choices") {
    const chosen = inputs.filter((box) => box.checked).map((box) => box.value);
    return chosen.length > 0 ? chosen : null;
  }
  const input = inputs[0]!;
  if (field.type === "polygon") {
    const drawn = input.dataset["polygon"];
    return drawn ? (JSON.parse(drawn) as PolygonGeometry) : null;
  }
  if (field.type === "yes_no") return input.checked;
  const text = input.value.trim();
  if (!text) return null;
  const parts = text.split(/[\s,;，；、]+/).filter(Boolean);
  switch (field.type) {
    case "number":
      return Number(text);
    case "numbers":
      return parts.map(Number);
    case "codes":
      return parts;
    default:
      return text;
  }
}

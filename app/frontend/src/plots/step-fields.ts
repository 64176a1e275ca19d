/** Fields of a step: what its conditions ask for, as inputs and back as JSON. */
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import type { DetailField } from "./types";

export interface Entered {
  element: HTMLElement;
  /** The value as the service takes it; `undefined` where nothing is entered. */
  value(): unknown;
}

/** Make the input of one member of `details`. */
export function detailInput(field: DetailField, id: string): Entered {
  const title = field.required ? field.title : `${field.title} ${t("ask.optional")}`;
  if (field.kind === "choices") return choices(field, title);
  const input = inputOf(field, id);
  return {
    element: h("div", { class: "field" }, h("label", { for: id }, title), input),
    value: () => read(field, input.value),
  };
}

function inputOf(
  field: DetailField,
  id: string,
): HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement {
  const own = { class: "input", id, "data-detail": field.name };
  switch (field.kind) {
    case "date":
      return h("input", { ...own, type: "date" });
    case "boolean":
      return select(own, [
        ["true", t("public.yes")],
        ["false", t("public.no")],
      ]);
    case "choice":
      return select(
        own,
        field.options.map((one, place) => [one, field.option_titles[place] ?? term("plot_value", one)]),
      );
    case "long_text":
      return h("textarea", { ...own, rows: 2 });
    case "texts":
      return h("textarea", { ...own, rows: 2, placeholder: t("plots.one_a_line") });
    default:
      return h("input", { ...own, type: "text", maxlength: 500 });
  }
}

function select(
  own: Record<string, string>,
  options: readonly (readonly string[])[],
): HTMLSelectElement {
  return h(
    "select",
    own,
    h("option", { value: "" }, "–"),
    ...options.map(([value, text]) => h("option", { value: value ?? "" }, text)),
  );
}

function choices(field: DetailField, title: string): Entered {
  const boxes = field.options.map((one) => {
    const box = h("input", { type: "checkbox", value: one, "data-detail": field.name });
    return { box, label: h("label", { class: "choice" }, box, term("plot_value", one)) };
  });
  return {
    element: h(
      "fieldset",
      { class: "field boxed" },
      h("legend", {}, title),
      ...boxes.map(({ label }) => label),
    ),
    value: () => {
      const chosen = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value);
      return chosen.length > 0 ? chosen : undefined;
    },
  };
}

function read(field: DetailField, text: string): unknown {
  const plain = text.trim();
  if (!plain) return undefined;
  if (field.kind === "boolean") return plain === "true";
  if (field.kind !== "texts") return plain;
  const lines = plain.split("\n").map((line) => line.trim());
  return lines.filter((line) => line);
}

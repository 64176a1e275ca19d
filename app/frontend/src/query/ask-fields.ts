/** One field of the gate's form, made from what the service says of it. */
import { t } from "../core/catalogue";
import { h } from "../core/dom";

/** A fact that a transaction may need from the caller. */
export interface FieldSpec {
  /** Path in the request, such as `project.industry_code`. */
  name: string;
  title: string;
  kind: "boolean" | "choice" | "text" | "list";
  values?: { code: string; title: string }[];
  /** When it is needed, in words; empty when it always is. */
  when?: string;
}

let serial = 0;

/** Make the field; `kept` holds values typed before, by name. */
export function fieldOf(
  spec: FieldSpec,
  kept: Readonly<Record<string, unknown>>,
): HTMLElement {
  const value = kept[spec.name];
  const control =
    spec.kind === "boolean"
      ? choices(spec, YES_NO(), value)
      : spec.kind === "choice"
        ? select(spec, value)
        : input(spec, value);
  control.dataset["field"] = spec.name;
  control.dataset["kind"] = spec.kind;
  return control;
}

const YES_NO = (): { code: string; title: string }[] => [
  { code: "true", title: t("ask.yes") },
  { code: "false", title: t("ask.no") },
  { code: "", title: t("ask.not_stated") },
];

function choices(
  spec: FieldSpec,
  values: { code: string; title: string }[],
  value: unknown,
): HTMLElement {
  const group = `field-${++serial}`;
  const kept = value === undefined ? "" : String(value);
  const radios = values.map((one) =>
    h(
      "label",
      { class: "choice" },
      h("input", {
        type: "radio",
        name: group,
        value: one.code,
        checked: one.code === kept,
      }),
      one.title,
    ),
  );
  return h(
    "fieldset",
    { class: "fieldset field" },
    h("legend", {}, spec.title),
    h("div", { class: "choice-row" }, ...radios),
    hint(spec),
  );
}

function select(spec: FieldSpec, value: unknown): HTMLElement {
  const id = `field-${++serial}`;
  const options = (spec.values ?? []).map((one) =>
    h("option", { value: one.code, selected: one.code === value }, one.title),
  );
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, spec.title),
    h(
      "select",
      { class: "input", id },
      h("option", { value: "" }, t("ask.not_stated")),
      ...options,
    ),
    hint(spec),
  );
}

function input(spec: FieldSpec, value: unknown): HTMLElement {
  const id = `field-${++serial}`;
  const text = Array.isArray(value) ? value.join(" ") : (value ?? "");
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, spec.title),
    h("input", { class: "input", id, type: "text", value: String(text) }),
    hint(spec, spec.kind === "list" ? t("ask.several") : ""),
  );
}

function hint(spec: FieldSpec, extra = ""): HTMLElement | null {
  const text = [spec.when, extra].filter(Boolean).join(" ");
  return text ? h("p", { class: "hint" }, text) : null;
}

/** Read a field made by `fieldOf`; `undefined` when nothing was stated. */
export function readField(element: HTMLElement): unknown {
  const control = element.querySelector<HTMLInputElement | HTMLSelectElement>(
    'input[type="radio"]:checked, select, input[type="text"]',
  );
  const value = control?.value.trim() ?? "";
  if (value === "") return undefined;
  if (element.dataset["kind"] === "boolean") return value === "true";
  if (element.dataset["kind"] === "list") return value.split(/[\s,,、;;]+/);
  return value;
}

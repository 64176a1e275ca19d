/** One field of the gate's form, made from what the service says of it. */
import { t, term, type Key } from "../core/catalogue";
import { fill, h } from "../core/dom";
import { raised } from "../core/format";
import { classesOf, classText, codeIn, SCHEMES, type LandUse } from "../core/land-use";

type Kind =
  | "boolean"
  | "choice"
  | "integer"
  | "text"
  | "texts"
  | "land_use"
  | "industry"
  | "industries"
  | "crop";

/** How a transaction uses a field of a request. */
export interface FieldUse {
  /** Path in the request, such as `project.industry_code`. */
  path: string;
  kind: Kind;
  title: string;
  need: "required" | "default" | "optional" | "when" | "claim";
  /** The case in which it is needed, in words. */
  when?: string | null;
  allowed?: string[];
  lowest?: number | null;
  highest?: number | null;
}

interface Crop {
  name?: string;
  edible?: boolean;
}

/** How a kind is shown and read; `undefined` means nothing was stated. */
interface Control {
  make(use: FieldUse, id: string, value: unknown): HTMLElement[];
  read(field: HTMLElement): unknown;
}

const NEEDS: Partial<Record<FieldUse["need"], Key>> = {
  required: "ask.required",
  default: "ask.default_use",
  optional: "ask.optional",
};

/** What may stand between the members of a list: spaces, commas, semicolons. */
const LIST_MARKS = /[\s,;\uff0c\uff1b\u3001]+/;

let serial = 0;

/** Make the field; `value` is what was stated before, if anything. */
export function fieldOf(use: FieldUse, value: unknown): HTMLElement {
  const id = `field-${++serial}`;
  const need = NEEDS[use.need];
  const hint = [use.when && t("ask.when", { case: use.when }), HINTS[use.kind]?.()];
  const label = [raised(use.title), need && h("span", { class: "need" }, t(need))];
  const grouped = use.kind === "boolean" || use.kind === "land_use" || use.kind === "crop";
  return h(
    grouped ? "fieldset" : "div",
    {
      class: use.kind === "land_use" ? "field fieldset wide" : "field fieldset",
      "data-path": use.path,
      "data-kind": use.kind,
    },
    grouped ? h("legend", {}, ...spaced(label)) : h("label", { for: id }, ...spaced(label)),
    ...CONTROLS[use.kind].make(use, id, value),
    hint.some(Boolean) && h("p", { class: "hint" }, hint.filter(Boolean).join(" ")),
  );
}

/** Read a field made by `fieldOf`; `undefined` when nothing was stated. */
export function readField(field: HTMLElement): unknown {
  return CONTROLS[field.dataset["kind"] as Kind].read(field);
}

function spaced<T>(parts: T[]): (T | string)[] {
  return parts.flatMap((part) => (part ? [part, " "] : []));
}

const HINTS: Partial<Record<Kind, () => string>> = {
  texts: () => t("ask.several"),
  industries: () => t("ask.several_industries"),
  industry: () => t("ask.industry_code"),
};

const TEXT: Control = {
  make: (_use, id, value) => [textInput(id, value)],
  read: (field) => typed(field) || undefined,
};

const CONTROLS: Record<Kind, Control> = {
  text: TEXT,
  industry: TEXT,
  boolean: {
    make: (_use, id, value) => [yesNo(id, value)],
    read: (field) => yesNoRead(field),
  },
  choice: {
    make: (use, id, value) => [
      select(id, value, (use.allowed ?? []).map((code) => [code, term("choice", code)])),
    ],
    read: (field) => picked(field) || undefined,
  },
  integer: {
    make: (use, id, value) => [select(id, value, numbers(use))],
    read: (field) => (picked(field) ? Number(picked(field)) : undefined),
  },
  texts: {
    make: (_use, id, value) => [textInput(id, (value as string[] | undefined)?.join(" "))],
    read: (field) => listed(field),
  },
  industries: {
    make: (_use, id, value) => [textInput(id, industryCodes(value).join(" "))],
    read: (field) => listed(field)?.map((code) => ({ industry_code: code })),
  },
  land_use: {
    make: (use, id, value) => landUseInputs(use, id, value as LandUse | undefined),
    read: (field) => readLandUse(field),
  },
  crop: {
    make: (_use, id, value) => cropInputs(id, value as Crop | undefined),
    read: (field) => readCrop(field),
  },
};

function numbers(use: FieldUse): [string, string][] {
  const lowest = use.lowest ?? 0;
  const length = Math.max((use.highest ?? 0) - lowest + 1, 0);
  return Array.from({ length }, (_, step) => {
    const number = String(lowest + step);
    return [number, number];
  });
}

function industryCodes(value: unknown): string[] {
  const listed = (value as { industry_code: string }[] | undefined) ?? [];
  return listed.map((industry) => industry.industry_code);
}

function textInput(id: string, value: unknown): HTMLElement {
  return h("input", { class: "input", id, type: "text", value: String(value ?? "") });
}

function select(id: string, value: unknown, options: [string, string][]): HTMLElement {
  return h(
    "select",
    { class: "input", id },
    h("option", { value: "" }, t("ask.not_stated")),
    ...options.map(([code, title]) =>
      h("option", { value: code, selected: code === String(value ?? "") }, title),
    ),
  );
}

function yesNo(group: string, value: unknown): HTMLElement {
  const options: [string, Key][] = [
    ["true", "ask.yes"],
    ["false", "ask.no"],
    ["", "ask.not_stated"],
  ];
  const radios = options.map(([code, title]) =>
    h(
      "label",
      { class: "choice" },
      h("input", {
        type: "radio",
        name: group,
        value: code,
        checked: code === String(value ?? ""),
      }),
      t(title),
    ),
  );
  return h("div", { class: "choice-row" }, ...radios);
}

function landUseInputs(use: FieldUse, id: string, value: LandUse | undefined): HTMLElement[] {
  const list = h("datalist", { id: `${id}-classes` });
  const scheme = h(
    "select",
    { class: "input", "aria-label": t("ask.scheme") },
    ...SCHEMES.map((code) =>
      h("option", { value: code, selected: code === value?.scheme }, term("scheme", code)),
    ),
  );
  const code = h("input", {
    class: "input",
    type: "text",
    list: list.id,
    required: use.need === "required",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": t("ask.use_code"),
    placeholder: t("ask.use_example"),
    value: value ? classText(value) : "",
  });
  const offer = (): void => {
    const classes = classesOf(scheme.value);
    fill(list, ...classes.map((one) => h("option", { value: classText(one) })));
  };
  scheme.addEventListener("change", () => {
    code.value = "";
    offer();
  });
  offer();
  return [h("div", { class: "use-row" }, scheme, code, list)];
}

function readLandUse(field: HTMLElement): LandUse | undefined {
  const code = codeIn(typed(field));
  return code ? { scheme: picked(field), code } : undefined;
}

function cropInputs(id: string, value: Crop | undefined): HTMLElement[] {
  const name = textInput(id, value?.name);
  name.setAttribute("aria-label", t("ask.crop_name"));
  return [
    name,
    h("p", { class: "hint" }, t("ask.crop_edible")),
    yesNo(`${id}-edible`, value?.edible),
  ];
}

function readCrop(field: HTMLElement): Crop | undefined {
  const name = typed(field);
  const edible = yesNoRead(field);
  if (!name && edible === undefined) return undefined;
  return { ...(name ? { name } : {}), ...(edible === undefined ? {} : { edible }) };
}

function yesNoRead(field: HTMLElement): boolean | undefined {
  const chosen = field.querySelector<HTMLInputElement>('input[type="radio"]:checked');
  return chosen?.value ? chosen.value === "true" : undefined;
}

function typed(field: HTMLElement): string {
  return field.querySelector<HTMLInputElement>('input[type="text"]')?.value.trim() ?? "";
}

function picked(field: HTMLElement): string {
  return field.querySelector("select")?.value ?? "";
}

function listed(field: HTMLElement): string[] | undefined {
  const words = typed(field).split(LIST_MARKS).filter(Boolean);
  return words.length > 0 ? words : undefined;
}

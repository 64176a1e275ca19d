/** The form of the gate: transaction, planned use, and only the facts it needs. */
import { call } from "../core/api";
import { t, type Key } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import { fieldOf, readField, type FieldSpec } from "./ask-fields";

/** What `GET /v1/gate/transactions` says of the forms. */
export interface GateForms {
  transactions: TransactionForm[];
  schemes: Scheme[];
}

export interface TransactionForm {
  code: string;
  title: string;
  planned_use: "required" | "default" | "optional";
  fields: FieldSpec[];
}

interface Scheme {
  code: string;
  title: string;
  classes: { code: string; title: string }[];
}

/** The part of a request that the form fills. */
export interface Question {
  transaction: string;
  planned_use?: { scheme: string; code: string };
  project?: Record<string, unknown>;
  declared?: Record<string, unknown>;
  reference?: string;
}

const PLANNED_USE_NEED: Record<TransactionForm["planned_use"], Key> = {
  required: "ask.required",
  default: "ask.default_use",
  optional: "ask.optional",
};

let forms: GateForms | null = null;

/** Fetch the forms and fill the list of transactions, once. */
export async function prepareForm(): Promise<void> {
  if (forms) return;
  forms = await call<GateForms>("/gate/transactions");
  const options = forms.transactions.map((form) =>
    h("option", { value: form.code }, form.title),
  );
  const select = byId<HTMLSelectElement>("ask-transaction");
  fill(select, h("option", { value: "" }, t("ask.choose")), ...options);
  select.addEventListener("change", showFields);
  const scheme = byId<HTMLSelectElement>("ask-scheme");
  fill(
    scheme,
    ...forms.schemes.map((one) => h("option", { value: one.code }, one.title)),
  );
  scheme.addEventListener("change", showClasses);
  showClasses();
  showFields();
}

function chosenForm(): TransactionForm | undefined {
  const code = byId<HTMLSelectElement>("ask-transaction").value;
  return forms?.transactions.find((form) => form.code === code);
}

/** Show the fields of the chosen transaction; what was typed before is kept. */
function showFields(): void {
  const form = chosenForm();
  byId("ask-rest").hidden = !form;
  if (!form) return;
  byId("ask-use-need").textContent = t(PLANNED_USE_NEED[form.planned_use]);
  const kept = readFields();
  fill(byId("ask-fields"), ...form.fields.map((spec) => fieldOf(spec, kept)));
  byId("ask-fields-box").hidden = form.fields.length === 0;
}

function showClasses(): void {
  const code = byId<HTMLSelectElement>("ask-scheme").value;
  const classes = forms?.schemes.find((one) => one.code === code)?.classes ?? [];
  fill(
    byId("ask-classes"),
    ...classes.map((one) => h("option", { value: one.code }, `${one.code} ${one.title}`)),
  );
}

function readFields(): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const element of byId("ask-fields").querySelectorAll<HTMLElement>("[data-field]")) {
    const value = readField(element);
    if (value !== undefined) values[element.dataset["field"]!] = value;
  }
  return values;
}

/** Read the form; fields left open are left out (silence is not "no"). */
export function readQuestion(): Question {
  const question: Question = {
    transaction: byId<HTMLSelectElement>("ask-transaction").value,
  };
  const code = byId<HTMLInputElement>("ask-use").value.trim().split(/\s/)[0];
  if (code) {
    const scheme = byId<HTMLSelectElement>("ask-scheme").value;
    question.planned_use = { scheme, code };
  }
  const reference = byId<HTMLInputElement>("ask-reference").value.trim();
  if (reference) question.reference = reference;
  return { ...question, ...nest(readFields()) };
}

/** Turn `{"project.type": x}` into `{project: {type: x}}`. */
export function nest(
  flat: Record<string, unknown>,
): Record<string, Record<string, unknown>> {
  const nested: Record<string, Record<string, unknown>> = {};
  for (const [path, value] of Object.entries(flat)) {
    const [head, ...rest] = path.split(".");
    let node: Record<string, unknown> = (nested[head!] ??= {});
    for (const key of rest.slice(0, -1)) {
      node = (node[key] ??= {}) as Record<string, unknown>;
    }
    node[rest[rest.length - 1]!] = value;
  }
  return nested;
}

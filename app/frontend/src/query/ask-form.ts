/** The form of the gate: transaction, planned use, and only the facts it needs. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import { raised } from "../core/format";
import { fieldOf, readField, type FieldUse } from "./ask-fields";
import { nest } from "./nest";

/** One transaction as `GET /v1/gate/transactions` describes it. */
interface TransactionForm {
  code: string;
  title: string;
  /** Dealings by other names that are asked as this transaction, and where they are named. */
  other_names: string[];
  named_in: string | null;
  fields: FieldUse[];
}

/** What the form adds to the subject: the rest of a request to the gate. */
export type Question = Record<string, unknown>;

const PLANNED_USE = "planned_use";

let forms: TransactionForm[] | null = null;

/** Fetch the transactions and fill their list, once. */
export async function prepareForm(): Promise<void> {
  if (forms) return;
  const answer = await call<{ items: TransactionForm[] }>("/gate/transactions");
  forms = answer.items;
  const select = byId<HTMLSelectElement>("ask-transaction");
  const options = forms.map((form) => h("option", { value: form.code }, titleOf(form)));
  fill(select, h("option", { value: "" }, t("ask.choose")), ...options);
  select.addEventListener("change", showFields);
  showFields();
}

function titleOf(form: TransactionForm): string {
  const title = raised(form.title);
  if (form.other_names.length === 0) return title;
  return t("ask.also", { title, names: form.other_names.join(t("format.list_separator")) });
}

/** Show the fields of the chosen transaction; what was stated before is kept. */
function showFields(): void {
  const code = byId<HTMLSelectElement>("ask-transaction").value;
  const form = forms?.find((one) => one.code === code);
  byId("ask-rest").hidden = !form;
  const named = byId("ask-named-in");
  named.hidden = !form?.named_in;
  named.textContent = form?.named_in ?? "";
  if (!form) return;
  const stated = readStated();
  const place = (id: string, uses: FieldUse[]): void => {
    fill(byId(id), ...uses.map((use) => fieldOf(use, stated[use.path])));
    byId(`${id}-box`).hidden = uses.length === 0;
  };
  const isClaim = (use: FieldUse): boolean => use.need === "claim";
  const isPlanned = (use: FieldUse): boolean => use.path === PLANNED_USE;
  place("ask-planned", form.fields.filter(isPlanned));
  place(
    "ask-facts",
    form.fields.filter((use) => !isPlanned(use) && !isClaim(use)),
  );
  place("ask-claims", form.fields.filter(isClaim));
}

/** What was stated so far, by path; silence leaves a path out. */
function readStated(): Record<string, unknown> {
  const stated: Record<string, unknown> = {};
  for (const element of byId("ask").querySelectorAll<HTMLElement>("[data-path]")) {
    const value = readField(element);
    if (value !== undefined) stated[element.dataset["path"]!] = value;
  }
  return stated;
}

/** Read the form; what was left open is left out (silence is not "no"). */
export function readQuestion(): Question {
  const reference = byId<HTMLInputElement>("ask-reference").value.trim();
  return {
    transaction: byId<HTMLSelectElement>("ask-transaction").value,
    ...nest(readStated()),
    ...(reference ? { reference } : {}),
  };
}

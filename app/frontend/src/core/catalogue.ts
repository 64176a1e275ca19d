/** Texts of the page in its language, from the one translation catalogue. */
import type certificate from "../../../pages/catalogue/zh/certificate.json";
import type common from "../../../pages/catalogue/zh/common.json";
import type consultations from "../../../pages/catalogue/zh/consultations.json";
import type decision from "../../../pages/catalogue/zh/decision.json";
import type extract from "../../../pages/catalogue/zh/extract.json";
import type history from "../../../pages/catalogue/zh/history.json";
import type indicators from "../../../pages/catalogue/zh/indicators.json";
import type issues from "../../../pages/catalogue/zh/issues.json";
import type landUse from "../../../pages/catalogue/zh/land_use.json";
import type map from "../../../pages/catalogue/zh/map.json";
import type plotTerms from "../../../pages/catalogue/zh/plot_terms.json";
import type plots from "../../../pages/catalogue/zh/plots.json";
import type publicTexts from "../../../pages/catalogue/zh/public.json";
import type query from "../../../pages/catalogue/zh/query.json";
import type screening from "../../../pages/catalogue/zh/screening.json";
import type survey from "../../../pages/catalogue/zh/survey.json";
import type tasks from "../../../pages/catalogue/zh/tasks.json";
import type terms from "../../../pages/catalogue/zh/terms.json";
import type uploads from "../../../pages/catalogue/zh/uploads.json";
import type verify from "../../../pages/catalogue/zh/verify.json";

type Catalogue = typeof certificate &
  typeof common &
  typeof consultations &
  typeof decision &
  typeof extract &
  typeof history &
  typeof indicators &
  typeof issues &
  typeof landUse &
  typeof map &
  typeof plotTerms &
  typeof plots &
  typeof publicTexts &
  typeof query &
  typeof screening &
  typeof survey &
  typeof tasks &
  typeof terms &
  typeof uploads &
  typeof verify;

/** Every key of the catalogue; a key that does not exist fails the type check. */
export type Key = keyof Catalogue & string;

/** Groups of coded values: the part of a key before its first dot. */
export type TermGroup = keyof (typeof terms & typeof landUse & typeof survey & typeof issues & typeof plotTerms) extends infer K
  ? K extends `${infer Group}.${string}`
    ? Group
    : never
  : never;

export type Language = "zh" | "en";

type Values = Record<string, string | number>;

/** A class of GB/T 4754, as the register keeps it. */
const INDUSTRY = /^\d{4}$/;

let messages: Record<string, string> = {};
let current: Language = "zh";

/** The language of the page. */
export function language(): Language {
  return current;
}

/** Use these messages; the page calls `loadCatalogue`, tests call this. */
export function useCatalogue(chosen: Language, texts: Record<string, string>): void {
  current = chosen;
  messages = texts;
}

/** Load the catalogue that the template names in `<html data-catalogue>`. */
export async function loadCatalogue(): Promise<void> {
  const root = document.documentElement;
  const url = root.dataset["catalogue"];
  if (!url) throw new Error("<html> names no catalogue.");
  const module = (await import(url)) as { default: Record<string, string> };
  useCatalogue(root.lang.startsWith("en") ? "en" : "zh", module.default);
}

/** Return the text of a key with `{name}` places filled in. */
export function t(key: Key, values: Values = {}): string {
  return fillIn(messages[key] ?? key, values);
}

/** Return the word for a coded value; the code itself where there is no word. */
export function term(group: TermGroup, code: string): string {
  return messages[`${group}.${code}`] ?? code;
}

/**
 * Return the word for a coded value of a group that the service names; the code itself
 * where there is none. The class of a restriction area is its theme, that of a former use
 * the code of its industry.
 */
export function word(group: string, code: string): string {
  const kept = messages[`${group}.${code}`];
  if (kept !== undefined || group !== "category") return kept ?? code;
  return messages[`theme.${code}`] ?? (INDUSTRY.test(code) ? t("format.industry_code", { code }) : code);
}

/** Every key that begins with `head`, in the order of the catalogue. */
export function keysOf(head: string): string[] {
  return Object.keys(messages).filter((key) => key.startsWith(head));
}

function fillIn(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (place, name: string) =>
    name in values ? String(values[name]) : place,
  );
}

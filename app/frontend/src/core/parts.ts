/** Small parts of the design system that scripts put together. */
import { t, term, type Key, type TermGroup } from "./catalogue";
import { h, icon, type Child, type IconName } from "./dom";
import { parcelCodeParts, raised } from "./format";

const MARKS: Record<string, IconName> = {
  deny: "ban",
  require_investigation: "probe",
  insufficient_data: "question",
  consult: "consult",
  allow_with_conditions: "condition",
  allow: "check",
  annulled: "ban",
  replaced: "close",
  affected: "probe",
  expired: "question",
  concerned: "info",
  imprecise: "probe",
  no_coverage: "question",
  stale: "question",
  clear: "check",
  error: "close",
  warning: "question",
  needs_confirmation: "question",
  checked: "close",
  failed: "close",
  staged: "check",
  committed: "check",
  reverted: "back",
};

/** The icon that goes with an outcome or a theme status. */
export function markOf(code: string): IconName {
  return MARKS[code] ?? "info";
}

/** A state as a word with its colour and mark. */
export function chip(group: TermGroup, code: string, extra = ""): HTMLElement {
  const word = raised(term(group, code));
  const told = extra ? `${word} ${extra}` : word;
  return h("span", { class: "chip", "data-tone": code }, icon(markOf(code)), told);
}

/** One fact of a form: its name and its value; empty values show a dash. */
export function fact(name: string, ...value: Child[]): HTMLElement {
  const empty = value.every((part) => part === null || part === undefined || part === "");
  return h("div", {}, h("dt", {}, name), h("dd", {}, ...(empty ? ["–"] : value)));
}

/** The text of a key with elements in its `{name}` places. */
export function phrase(key: Key, values: Record<string, Child>): HTMLElement {
  const parts = t(key).split(/\{(\w+)\}/);
  return h("span", {}, ...parts.map((part, index) => (index % 2 === 1 ? values[part] : part)));
}

/** A cell of a record; where records stand as cards it says its own head. */
export function cell(head: string, ...inside: Child[]): HTMLElement {
  return h("td", { "data-head": head }, ...inside);
}

/** The cell that a record is told by, first in its row; it says its head like the others. */
export function nameCell(head: string, ...inside: Child[]): HTMLElement {
  return h("th", { scope: "row", "data-head": head }, h("div", {}, ...inside));
}

/** Short facts in one line with a dot between them; empty ones are left out. */
export function dotted(...facts: Child[]): Child[] {
  const told = facts.filter((one) => one !== null && one !== undefined && one !== false && one !== "");
  return told.flatMap((one, index) => (index > 0 ? [" · ", one] : [one]));
}

/** A parcel code set in its parts; copying gives the code without gaps. */
export function splitCode(code: string): HTMLElement {
  const parts = parcelCodeParts(code).map((part) => h("span", {}, part));
  return h("span", { class: "split-code" }, ...parts);
}

/** Where a row comes from: `upload:<id>`, `actor:<name>`, or a name as it is. */
export function sourceText(source: string | null): string {
  const [kind, ...rest] = (source ?? "").split(":");
  if (kind === "upload") return t("parcel.upload", { id: rest.join(":").slice(0, 8) });
  return kind === "actor" ? rest.join(":") : (source ?? "");
}

/** The system an object was taken over from. */
export interface Origin {
  source_system: string | null;
  source_id: string | null;
  synced_on: string | null;
}

/** That system, the object's number there, and the day it was read there. */
export function originText(from: Origin): string {
  return [
    from.source_system,
    from.source_id,
    from.synced_on && t("origin.synced", { day: from.synced_on }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** A list of sentences, each once; one stands alone, none gives nothing. */
export function sentences(all: readonly string[]): HTMLElement | null {
  const texts = [...new Set(all)];
  if (texts.length === 0) return null;
  if (texts.length === 1) return h("p", {}, texts[0]);
  return h("ul", { class: "bullets" }, ...texts.map((text) => h("li", {}, text)));
}

/** Give a summary that opens to more. */
export function more(summary: string, ...inside: Child[]): HTMLElement {
  return h("details", { class: "more" }, h("summary", {}, summary), ...inside);
}

/** A bar that fills from 0 to 1; `set(null)` says that it runs without an end in sight. */
export interface Meter {
  element: HTMLElement;
  set(part: number | null): void;
}

export function meter(label: string): Meter {
  const element = h("progress", { class: "meter", max: 1, "aria-label": label });
  return {
    element,
    set(part) {
      if (part === null) element.removeAttribute("value");
      else element.value = Math.min(Math.max(part, 0), 1);
    },
  };
}

/** Names that take the place of a code as soon as the service has told them. */
import { call } from "./api";
import { t } from "./catalogue";
import { fill, h, type Child } from "./dom";
import { sourceText } from "./parts";

const COUNTY_DIGITS = 6;

interface Named {
  items: { division_code: string; name: string }[];
}

/** Divisions by name and code; a township that has no name of its own by its county's. */
export function divisionsNamed(codes: readonly string[]): HTMLElement {
  const listed = (name: (code: string) => string): string => codes.map(name).join(t("format.list_separator"));
  const element = h("span", {}, listed((code) => code));
  void namesOf(codes).then((names) => {
    const named = (code: string): string => {
      const name = names.get(code) ?? names.get(code.slice(0, COUNTY_DIGITS));
      return name ? `${name} ${code}` : code;
    };
    fill(element, listed(named));
  });
  return element;
}

async function namesOf(codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const query = new URLSearchParams();
  const counties = codes.map((code) => code.slice(0, COUNTY_DIGITS));
  for (const code of new Set([...codes, ...counties])) query.append("code", code);
  try {
    const { items } = await call<Named>(`/division-names?${query}`);
    return new Map(items.map((one) => [one.division_code, one.name]));
  } catch {
    return new Map();
  }
}

/** Where a row comes from; an upload by its file, leading to it, where the reader may see it. */
export function sourceNamed(source: string | null): Child {
  const text = sourceText(source);
  const [kind, id] = (source ?? "").split(":");
  if (kind !== "upload" || !id) return text;
  const element = h("span", {}, text);
  void filenameOf(id).then((name) => {
    if (name) fill(element, h("a", { href: `/uploads?upload=${encodeURIComponent(id)}` }, name));
  });
  return element;
}

async function filenameOf(id: string): Promise<string | null> {
  try {
    return (await call<{ filename: string }>(`/uploads/${encodeURIComponent(id)}`)).filename;
  } catch {
    return null;
  }
}

/** Names that take the place of a code as soon as the service has told them. */
import { call } from "./api";
import { t } from "./catalogue";
import { fill, h, type Child } from "./dom";
import { sourceText } from "./parts";

const WHOLE_COUNTRY = "*";
const COUNTY_DIGITS = 6;
/** So many divisions the service names at once. */
const MOST_NAMED = 100;

type Names = ReadonlyMap<string, string>;

interface Named {
  items: { division_code: string; name: string }[];
}

/** What was asked for, each once in the life of a page. */
const divisionNames = new Map<string, Promise<Names>>();
const filenames = new Map<string, Promise<string | null>>();

/** Codes that are asked for together when all that is drawn now has been drawn. */
let wanted: string[] = [];
let answer: Promise<Names> | null = null;

/** Divisions by name and code; a township that has no name of its own by its county's. */
export function divisionsNamed(codes: readonly string[]): HTMLElement {
  const listed = (name: (code: string) => string): string => codes.map(name).join(t("format.list_separator"));
  const element = h("span", {}, listed(unnamed));
  void namesOf(codes.filter((code) => code !== WHOLE_COUNTRY)).then((names) => {
    const named = (code: string): string => {
      const name = names.get(code) ?? names.get(code.slice(0, COUNTY_DIGITS));
      return name ? `${name} ${code}` : unnamed(code);
    };
    fill(element, listed(named));
  });
  return element;
}

/** A division that the register does not name; provinces and cities have short codes. */
function unnamed(code: string): string {
  if (code === WHOLE_COUNTRY) return t("session.whole_country");
  return code.length < COUNTY_DIGITS ? t("session.unnamed_scope", { scope: code }) : code;
}

async function namesOf(codes: readonly string[]): Promise<Names> {
  const counties = codes.map((code) => code.slice(0, COUNTY_DIGITS));
  const asked = [...new Set([...codes, ...counties])].map(namesWith);
  const found = await Promise.all(asked);
  return new Map(found.flatMap((names) => [...names]));
}

/** The names of one answer, among them that of this division. */
function namesWith(code: string): Promise<Names> {
  let names = divisionNames.get(code);
  if (!names) {
    wanted.push(code);
    names = answer ??= Promise.resolve().then(askWanted);
    divisionNames.set(code, names);
  }
  return names;
}

async function askWanted(): Promise<Names> {
  const codes = wanted;
  wanted = [];
  answer = null;
  const names = new Map<string, string>();
  for (let first = 0; first < codes.length; first += MOST_NAMED) {
    const some = codes.slice(first, first + MOST_NAMED);
    const query = new URLSearchParams(some.map((code) => ["code", code]));
    try {
      const { items } = await call<Named>(`/division-names?${query}`);
      for (const one of items) names.set(one.division_code, one.name);
    } catch {
      // A code that could not be named stays a code.
    }
  }
  return names;
}

/** Where a row comes from; an upload by its file, leading to it, where the reader may see it. */
export function sourceNamed(source: string | null): Child {
  const text = sourceText(source);
  const [kind, id] = (source ?? "").split(":");
  const mayRead = document.querySelector('.nav a[href="/uploads"]') !== null;
  if (kind !== "upload" || !id || !mayRead) return text;
  const element = h("span", {}, text);
  void filenameOf(id).then((name) => {
    if (name) fill(element, h("a", { href: `/uploads?upload=${encodeURIComponent(id)}` }, name));
  });
  return element;
}

function filenameOf(id: string): Promise<string | null> {
  let name = filenames.get(id);
  if (!name) {
    name = call<{ filename: string }>(`/uploads/${encodeURIComponent(id)}`).then(
      (upload) => upload.filename,
      () => null,
    );
    filenames.set(id, name);
  }
  return name;
}

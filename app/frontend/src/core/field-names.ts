/** What a page calls the field that a fault of a request points at. */

/** Attributes by which forms and filters keep the member that a field fills. */
const KEPT_AS = ["data-path", "data-filter", "data-field", "data-detail"];

/**
 * The title of a field by a JSON pointer or the name of a parameter, as
 * `/declared/former_use/0/industry_code`; `null` where the page has no such field.
 */
export function fieldName(where: string): string | null {
  const parts = where.split(/[/.]/).filter(Boolean);
  for (const path of pathsIn(parts)) {
    const kept = KEPT_AS.map((name) => `[${name}="${CSS.escape(path)}"]`).join(",");
    const title = document.querySelector(kept)?.closest(".field, fieldset")?.querySelector("legend, label");
    if (title) return titleOf(title);
  }
  return null;
}

/** Paths that a field may be kept as, the longest first; forms leave out the outermost member. */
export function pathsIn(parts: readonly string[]): string[] {
  const lengths = parts.map((_, index) => parts.length - index);
  return lengths.flatMap((length) => {
    const whole = parts.slice(0, length).join(".");
    const inner = parts.slice(1, length).join(".");
    return inner ? [whole, inner] : [whole];
  });
}

/** Its text without the word on whether it is needed. */
function titleOf(title: Element): string {
  const own = title.cloneNode(true) as Element;
  for (const aside of own.querySelectorAll(".need")) aside.remove();
  return own.textContent?.trim() ?? "";
}

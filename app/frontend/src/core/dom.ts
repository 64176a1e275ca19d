/** Build and find elements; text from anywhere is only ever set as text. */
import { isChinese, stretches } from "./chinese";

export type Child = Node | string | number | null | undefined | false;

type Handler = (event: Event) => void;
type Attribute = string | number | boolean | null | undefined | Handler;

/**
 * Make an element. `class`, `data-…` and other attributes are set as attributes;
 * `on…` functions are added as listeners; `null`, `undefined`, `false` leave one out.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  append(element, ...children);
  return element;
}

/** Append children; numbers become text, empty ones are left out. */
export function append(parent: Node, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    parent.appendChild(child instanceof Node ? child : written(parent, String(child)));
  }
}

/** Elements that hold text alone. */
const TEXT_ALONE = new Set(["OPTION", "TEXTAREA", "TITLE"]);

/** Return a text as a node; what is Chinese on an English page says so. */
function written(parent: Node, text: string): Node {
  const parts = stretches(text);
  const chinesePage = document.documentElement.lang.startsWith("zh");
  if (chinesePage || !parts.some((one) => one.chinese)) return document.createTextNode(text);
  if (TEXT_ALONE.has(parent.nodeName)) {
    if (parent instanceof HTMLOptionElement && isChinese(text)) parent.lang = "zh";
    return document.createTextNode(text);
  }
  if (parts.length === 1) return inChinese(text);
  // One element, so that a parent which lays out its children has one as before.
  const whole = document.createElement("span");
  whole.append(...parts.map((one) => (one.chinese ? inChinese(one.text) : one.text)));
  return whole;
}

function inChinese(text: string): HTMLElement {
  const element = document.createElement("span");
  element.lang = "zh";
  element.textContent = text;
  return element;
}

/** Replace everything inside an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, ...children);
}

/** Return the one element of that id; throw when the template lacks it. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element with id "${id}".`);
  return element as T;
}

const SVG = "http://www.w3.org/2000/svg";

/** Line icons of 20 × 20 units, drawn with the current colour. */
const ICONS = {
  check: "M4 10.5 8.2 14.7 16 6",
  ban: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M5 5l10 10",
  probe: "M8.6 3.2a5.4 5.4 0 1 0 0 10.8 5.4 5.4 0 0 0 0-10.8M12.6 12.6 17 17",
  question:
    "M7.2 7.4a2.9 2.9 0 1 1 4.6 2.4c-1.1.8-1.8 1.3-1.8 2.5M10 15.6v.1",
  consult: "M3 4h14v9.4H9.6L6 16.8v-3.4H3z",
  condition: "M5 3h10v14H5zM7.6 7h4.8M7.6 10h4.8M7.6 13h2.8",
  close: "M5 5l10 10M15 5 5 15",
  info: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M10 9v5M10 6.2v.1",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  layers: "M10 3 18 7.4 10 11.8 2 7.4zM3.4 10.8 10 14.4l6.6-3.6M3.4 14 10 17.6 16.6 14",
  polygon: "M4.5 7.5 11 3.6l5.4 5.2-3 7.2-8-1.2z",
  text: "M4 5h12M4 10h12M4 15h7",
  pin: "M10 17.4c3.6-4 5.4-6.9 5.4-9.1a5.4 5.4 0 1 0-10.8 0c0 2.2 1.8 5.1 5.4 9.1M10 10.2a1.9 1.9 0 1 0 0-3.8 1.9 1.9 0 0 0 0 3.8",
  file: "M5 3h6.5L15 6.5V17H5zM11 3v4h4",
  upload: "M10 13V4M6 7.6 10 3.6l4 4M3.5 13v3.4h13V13",
  download: "M10 4v9M6 9.4l4 4 4-4M3.5 13v3.4h13V13",
  back: "M12.5 4.5 7 10l5.5 5.5",
  print: "M5.5 7V3h9v4M5.5 14H3V7.4h14V14h-2.5M5.5 11.4h9V17h-9z",
} as const;

export type IconName = keyof typeof ICONS;

/** Make a decorative icon; the text beside it carries the meaning. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.appendChild(path);
  return svg;
}

/** Put the icons into the template's buttons that name one in `data-icon`. */
export function drawIcons(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-icon]")) {
    element.prepend(icon(element.dataset["icon"] as IconName));
  }
}

/** Land-use classes by their official names, for reading and for choosing. */
import { keysOf, t, term } from "./catalogue";

/** Schemes of the service; the first is what plans are written in today. */
export const SCHEMES = ["ydyh_2023", "gbt21010_2017", "gb50137_2011"] as const;

const RECORDED_USE = new RegExp(`\\b(${SCHEMES.join("|")}) ([0-9A-Z]+)`, "g");

export interface LandUse {
  scheme: string;
  code: string;
}

/** The class in words, such as `0701 城镇住宅用地`; the code alone where no name fits. */
export function classText(use: LandUse): string {
  const name = className(use);
  return name ? `${use.code} ${name}` : use.code;
}

/** The class and, in brackets, the scheme whose code it is. */
export function landUseText(use: LandUse): string {
  return t("parcel.class_of", {
    class: classText(use),
    scheme: term("scheme", use.scheme),
  });
}

/** A text in which classes of land that stand as `scheme code`, as in a record, are named. */
export function usesNamed(text: string): string {
  return text.replace(RECORDED_USE, (_, scheme: string, code: string) => landUseText({ scheme, code }));
}

/** The class's name, else that of the nearest class above it. */
function className(use: LandUse): string {
  for (let length = use.code.length; length > 0; length--) {
    const key = `${use.scheme}.${use.code.slice(0, length)}`;
    const name = term("use", key);
    if (name !== key) return name;
  }
  return "";
}

/** Every class of a scheme that has a name, in the order of its codes. */
export function classesOf(scheme: string): LandUse[] {
  const head = `use.${scheme}.`;
  return keysOf(head).map((key) => ({ scheme, code: key.slice(head.length) }));
}

/** The code in what was typed or picked: the part before the name. */
export function codeIn(text: string): string {
  return text.trim().split(/\s/)[0]?.toUpperCase() ?? "";
}

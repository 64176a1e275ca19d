/** Numbers as an officer reads them. Areas in m² and mu (亩), 1 mu = 2000/3 m². */
import { language, t } from "./catalogue";

const M2_PER_MU = 2000 / 3;

function number(value: number, digits: number): string {
  return value.toLocaleString(language() === "zh" ? "zh-CN" : "en-GB", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Whole numbers with separators. */
export function count(value: number): string {
  return number(value, 0);
}

/** A title of the service with its first letter raised; Chinese and pH stay as they are. */
export function raised(title: string): string {
  if (/^\p{Ll}\p{Lu}/u.test(title)) return title;
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Square metres to 0.01 m². */
export function areaM2(value: number): string {
  return `${number(value, 2)} m²`;
}

/** The same area in mu, two decimals; small areas keep four. */
export function areaMu(value: number): string {
  const mu = value / M2_PER_MU;
  return t("format.mu", { value: number(mu, mu !== 0 && mu < 0.1 ? 4 : 2) });
}

/** A share 0..1 in per cent; what would round to nothing or to all says so. */
export function share(value: number): string {
  if (value > 0 && value < 0.0001) return "< 0.01%";
  if (value < 1 && value > 0.9999) return "> 99.99%";
  return `${number(value * 100, 2)}%`;
}

/** Metres below one kilometre to 0.1 m, kilometres above to 0.01 km. */
export function distance(metres: number): string {
  if (metres < 999.95) return `${number(metres, metres < 10 ? 2 : 1)} m`;
  return `${number(metres / 1000, 2)} km`;
}

/** Bytes as an office reads them: kB, MB or GB, powers of 1000. */
export function fileSize(bytes: number): string {
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${number(value, value < 9.95 ? 1 : 0)} ${units[step]}`;
}

/** An ISO date or time as a date (Asia/Shanghai); a dash when there is none. */
export function day(value: string | null | undefined): string {
  if (!value) return "–";
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai",
    dateStyle: "short",
  });
  return parts.format(new Date(value));
}

/** An ISO time to the minute in Asia/Shanghai. */
export function moment(value: string): string {
  const parts = new Intl.DateTimeFormat("sv-SE", {
    timeZone: "Asia/Shanghai",
    dateStyle: "short",
    timeStyle: "short",
  });
  return parts.format(new Date(value));
}

/** The five parts of a parcel code of 19 characters (6+3+3+2+5), else the code. */
export function parcelCodeParts(code: string): string[] {
  if (code.length !== 19) return [code];
  return [
    code.slice(0, 6),
    code.slice(6, 9),
    code.slice(9, 12),
    code.slice(12, 14),
    code.slice(14),
  ];
}

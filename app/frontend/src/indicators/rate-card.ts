/** One rate as a card: the figure, its bar, its targets. */
import { t } from "../core/catalogue";
import { h, icon, type Child } from "../core/dom";
import { areaMu, count, share } from "../core/format";
import type { Amount, Rate, Target } from "./types";

/** `asked` is called when the rows behind the rate are asked for. */
export function rateCard(rate: Rate, asked: () => void): HTMLElement {
  const size = (value: number): string => (rate.unit === "m2" ? areaMu(value) : count(value));
  const unknown = rate.open + rate.undetermined;
  const button = h(
    "button",
    { type: "button", class: "button", "data-rows": rate.name, onclick: asked },
    t("indicators.rows"),
  );
  return h(
    "section",
    { class: "card rate-card", "data-rate": rate.name },
    h("h2", {}, rate.title),
    h("p", { class: "rate-figure" }, rate.rate === null ? "–" : share(rate.rate)),
    bar(rate),
    h(
      "p",
      { class: "second" },
      rate.denominator > 0
        ? t("indicators.sums", { numerator: size(rate.numerator), denominator: size(rate.denominator) })
        : t("indicators.nothing"),
    ),
    unknown > 0 &&
      h(
        "p",
        { class: "second" },
        t("indicators.unknown", {
          size: size(unknown),
          least: share(rate.at_least ?? 0),
          most: share(rate.at_most ?? 0),
        }),
      ),
    targetList(rate.targets),
    h("div", { class: "button-row" }, button),
  );
}

/** An area that a plan sets, in the plan's unit. */
export function amountLine(amount: Amount): HTMLElement {
  return h(
    "li",
    {},
    h("span", {}, amount.title),
    h("strong", {}, `${areaMu(amount.area_m2)}`),
    targetList(amount.targets),
  );
}

function bar(rate: Rate): HTMLElement {
  const whole = rate.denominator + rate.undetermined;
  const part = (value: number): string => `${whole > 0 ? (100 * value) / whole : 0}`;
  // Widths are attributes of an image: the page allows no styles of its own.
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 100 4");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "rate-bar");
  svg.setAttribute("aria-hidden", "true");
  let from = 0;
  for (const [kind, value] of [
    ["counted", rate.numerator],
    ["unknown", rate.open + rate.undetermined],
  ] as const) {
    const piece = document.createElementNS(svg.namespaceURI, "rect");
    piece.setAttribute("class", `is-${kind}`);
    piece.setAttribute("x", String(from));
    piece.setAttribute("height", "4");
    piece.setAttribute("width", part(value));
    svg.append(piece);
    from += Number(part(value));
  }
  return h("div", { class: "rate-track" }, svg);
}

const TONES: Record<string, string> = {
  reached: "allow",
  missed: "deny",
  below_about: "require_investigation",
  not_known: "insufficient_data",
  no_figure: "insufficient_data",
};

function targetList(targets: readonly Target[]): Child {
  if (targets.length === 0) return null;
  const lines = targets.map((one) =>
    h(
      "li",
      {},
      h(
        "span",
        { class: "chip", "data-tone": TONES[one.verdict] ?? "insufficient_data" },
        icon(one.verdict === "reached" ? "check" : "info"),
        one.verdict_text,
      ),
      h("span", {}, ` ${wanted(one)}`),
      h("span", { class: "second" }, ` ${sourceOf(one)}`),
      one.due_on && h("span", { class: "second due" }, ` · ${t("indicators.due", { day: one.due_on })}`),
    ),
  );
  return h("ul", { class: "target-list" }, ...lines);
}

function sourceOf(target: Target): string {
  return target.source_text ?? `${target.document} ${target.clause}`;
}

function wanted(target: Target): string {
  if (target.value === null) return target.note || target.comparison_text;
  const unit = target.unit === "10^4 mu" ? t("indicators.wan_mu") : target.unit;
  const value = `${target.value}${unit}`;
  return target.comparison === "approx"
    ? t("indicators.about", { value })
    : `${target.comparison_text} ${value}`;
}

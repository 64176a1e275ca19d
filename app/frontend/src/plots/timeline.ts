/** What happened to a plot, day by day; when it was known stands beside it. */
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { day, moment, raised } from "../core/format";
import { sourceNamed } from "../core/names";
import { more, phrase } from "../core/parts";
import { card } from "./record";
import type { Basis, PlotEvent } from "./types";

export function timelineCard(events: readonly PlotEvent[]): HTMLElement {
  const items = [...events].reverse().map(eventItem);
  const list =
    items.length > 0
      ? h("ol", { class: "timeline" }, ...items)
      : h("p", { class: "second" }, t("plots.no_events"));
  return card(t("plots.timeline"), list);
}

function eventItem(event: PlotEvent): HTMLElement {
  return h(
    "li",
    {},
    h("p", { class: "timeline-day" }, day(event.on)),
    h(
      "div",
      {},
      h("p", { class: "timeline-title" }, raised(event.title)),
      h("p", { class: "second" }, stages(event)),
      event.note && h("p", {}, event.note),
      event.related_codes.length > 0 && h("p", {}, event.related_codes.join(t("format.list_separator"))),
      event.documents.length > 0 &&
        h("p", { class: "second" }, [t("plots.papers"), event.documents.join(t("format.list_separator"))].join(t("format.colon"))),
      h(
        "p",
        { class: "second" },
        phrase("plots.known_since", {
          time: moment(event.recorded_at),
          source: sourceNamed(event.source),
        }),
      ),
      event.basis.length > 0 && more(t("plots.basis"), basisList(event.basis)),
    ),
  );
}

function stages(event: PlotEvent): string {
  const to = event.to_stage ? term("category", event.to_stage) : "";
  if (!event.from_stage || event.from_stage === event.to_stage) return to;
  return `${term("category", event.from_stage)} → ${to}`;
}

export function basisList(basis: readonly Basis[]): HTMLElement {
  return h(
    "ul",
    { class: "bullets" },
    ...basis.map((one) =>
      h("li", {}, `${one.document} ${one.article}`.trim(), mark(one)),
    ),
  );
}

function mark(one: Basis): HTMLElement {
  return h("span", { class: "second" }, t("format.bracketed", { text: one.verification_text }));
}

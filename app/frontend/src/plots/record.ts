/** What is on record of a plot: its facts, lists, pollutants, papers and parties. */
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { day, moment, raised } from "../core/format";
import { fileButton } from "../core/files";
import { sourceNamed } from "../core/names";
import { cell, fact, originText, sentences } from "../core/parts";
import { areaOf, stageOf, useText } from "./list";
import type { Dossier, NextSteps, Paper, Party, Plot, Pollutant } from "./types";

export function plotHead(plot: Plot, steps: NextSteps): HTMLElement {
  return h(
    "header",
    { class: "plot-head" },
    h("h1", { class: "sheet-title", tabindex: "-1" }, plot.name ?? plot.plot_code),
    h("p", {}, stageOf(plot), " ", h("span", { class: "code" }, plot.plot_code)),
    sentences(steps.disagreements),
  );
}

export function factsCard(plot: Plot): HTMLElement {
  const bounds = [
    [t("plots.east"), plot.bound_east],
    [t("plots.south"), plot.bound_south],
    [t("plots.west"), plot.bound_west],
    [t("plots.north"), plot.bound_north],
  ].filter(([, value]) => value);
  return card(
    t("plots.record"),
    h(
      "dl",
      { class: "facts" },
      fact(t("plots.address"), plot.address),
      fact(t("plots.area"), areaOf(plot)),
      fact(t("plots.accuracy"), plot.accuracy_m === null ? null : `${plot.accuracy_m} m`),
      fact(t("plots.former_enterprise"), plot.former_enterprise),
      fact(t("plots.former_industries"), listed(plot.former_industries?.map(industryText) ?? null)),
      fact(t("plots.current_use"), useText(plot.current_use_scheme, plot.current_use_code)),
      fact(t("plots.planned_use"), useText(plot.planned_use_scheme, plot.planned_use_code)),
      fact(t("plots.risk_grade"), plot.risk_grade && term("risk_grade", plot.risk_grade)),
      fact(t("plots.groundwater"), yesNo(plot.groundwater_polluted)),
      fact(
        t("plots.evaluated_class"),
        plot.evaluated_class && term("plot_value", plot.evaluated_class),
      ),
      fact(t("plots.local_code"), plot.local_code),
      fact(t("plots.national_code"), plot.national_code),
      fact(t("plots.source_system"), originText(plot)),
      wide(t("plots.bounds"), bounds.map(([name, value]) => `${name} ${value}`).join(t("format.list_separator"))),
      wide(t("plots.negative_list"), negativeList(plot.negative_list)),
      wide(t("plots.origin"), origin(plot)),
      wide(t("plots.public"), publicText(plot)),
      fact(t("plots.recorded"), moment(plot.recorded_at)),
      fact(t("plots.source"), sourceNamed(plot.source)),
    ),
  );
}

function wide(name: string, value: Child): HTMLElement {
  const made = fact(name, value);
  made.classList.add("wide");
  return made;
}

function negativeList(uses: string[] | null): string {
  return listed(
    uses?.map((use) => {
      const [scheme, code] = use.split(":");
      return useText(scheme ?? null, code ?? null) || use;
    }) ?? null,
  );
}

function origin(plot: Plot): string {
  if (!plot.entry_list) return "";
  return [
    raised(term("plot_list", plot.entry_list)),
    plot.entry_batch,
    plot.entry_source,
    day(plot.entry_published_on),
  ]
    .filter(Boolean)
    .join(" · ");
}

function publicText(plot: Plot): string {
  if (!plot.published_on || !plot.published_fields?.length) return t("plots.not_public");
  const fields = plot.published_fields.map((name) => term("plot_field", name));
  return t("plots.public_since", { day: plot.published_on, fields: fields.join(t("format.list_separator")) });
}

/** An industry as it is kept, `edition:code:from-to`, in words; any other text as it is. */
export function industryText(kept: string): string {
  const [, edition, code, from, to] = /^(\d{4}):(\w+):(\d{4})-(\d{4})$/.exec(kept) ?? [];
  return edition && code && from && to
    ? t("plots.industry", { code, edition, from, to })
    : kept;
}

function listed(values: string[] | null): string {
  return values?.join(t("format.list_separator")) ?? "";
}

function yesNo(value: boolean | null): string {
  if (value === null) return "";
  return value ? t("public.yes") : t("public.no");
}

export function listsCard(dossier: Dossier): HTMLElement {
  const heads = [t("plots.list"), t("plots.batch"), t("plots.entered_on"), t("plots.left_on")];
  const rows = dossier.lists.map((one) => [
    raised(term("plot_list", one.list)),
    [one.batch, one.source_document].filter(Boolean).join(" · ") || "–",
    day(one.entered_on),
    day(one.left_on),
  ]);
  return card(t("plots.lists"), tableOf(heads, rows, t("plots.no_lists")));
}

export function pollutantsCard(pollutants: readonly Pollutant[]): HTMLElement | null {
  if (pollutants.length === 0) return null;
  const heads = [
    t("plots.analyte"),
    t("plots.maximum"),
    t("plots.screening"),
    t("plots.intervention"),
    t("plots.depth"),
  ];
  const rows = pollutants.map((one) => [
    `${one.analyte_text}${t("format.bracketed", { text: term("plot_value", one.medium) })}`,
    figure(one.maximum, one.unit),
    figure(one.screening_value, one.unit),
    figure(one.intervention_value, one.unit),
    one.depth_to_m === null ? "–" : `${one.depth_from_m ?? 0}–${one.depth_to_m} m`,
  ]);
  return card(t("plots.pollutants"), tableOf(heads, rows, ""));
}

function figure(value: number | null, unit: string): string {
  return value === null ? "–" : `${value} ${unit}`;
}

export function papersCard(papers: readonly Paper[]): HTMLElement {
  const heads = [
    t("plots.paper"),
    t("plots.firm"),
    t("plots.dated_on"),
    t("plots.reviewed_on"),
    t("plots.filed_on"),
    t("plots.file"),
  ];
  const rows = papers.map((one) => [
    `${raised(term("document_type", one.document_type))} ${one.code}`,
    one.firm ?? "–",
    day(one.dated_on),
    one.review_outcome
      ? `${day(one.reviewed_on)} ${term("plot_value", one.review_outcome)}`
      : day(one.reviewed_on),
    filedText(one) || "–",
    one.file_id ? fileButton(one.file_id, t("plots.save_file")) : "–",
  ]);
  return card(t("plots.papers"), tableOf(heads, rows, t("plots.no_papers")));
}

/** With which of the three departments a paper was filed, and when. */
function filedText(paper: Paper): string {
  return listed(
    [
      paper.filed_ee_on && t("plots.filed_ee", { day: paper.filed_ee_on }),
      paper.filed_nr_on && t("plots.filed_nr", { day: paper.filed_nr_on }),
      paper.filed_hc_on && t("plots.filed_hc", { day: paper.filed_hc_on }),
    ].filter((one): one is string => Boolean(one)),
  );
}

export function partiesCard(parties: readonly Party[]): HTMLElement {
  const empty = h("p", { class: "second" }, t("plots.no_parties"));
  return card(
    t("plots.parties"),
    h("p", { class: "second" }, t("plots.parties_hint")),
    ...(parties.length > 0 ? parties.map(partyFacts) : [empty]),
  );
}

function partyFacts(party: Party): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    fact(t("plots.land_user"), party.land_user),
    fact(t("plots.liable_party"), party.liable_party),
    fact(t("plots.contact"), party.contact),
  );
}

export function card(title: string, ...inside: Child[]): HTMLElement {
  return h(
    "section",
    { class: "card stack-tight" },
    h("h2", { class: "heading" }, title),
    ...inside,
  );
}

export function tableOf(heads: string[], rows: Child[][], empty: string): HTMLElement {
  if (rows.length === 0) return h("p", { class: "second" }, empty);
  return h(
    "table",
    { class: "table records is-inside" },
    h("thead", {}, h("tr", {}, ...heads.map((one) => h("th", { scope: "col" }, one)))),
    h("tbody", {}, ...rows.map((row) => rowOf(heads, row))),
  );
}

/** A row that says its own heads where rows stand as cards. */
export function rowOf(heads: readonly string[], values: readonly Child[]): HTMLElement {
  const cells = values.map((value, place) => cell(heads[place] ?? "", value));
  return h("tr", {}, ...cells);
}

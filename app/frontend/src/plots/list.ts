/** Plots as a table: all of them, or those of one register. */
import { t, term, word } from "../core/catalogue";
import { h } from "../core/dom";
import { areaM2, day } from "../core/format";
import { divisionsNamed } from "../core/names";
import { cell, chip, nameCell } from "../core/parts";
import type { Plot, RegisterEntry } from "./types";

/** A row of the list; `membership` where a register is shown. */
export interface Row {
  code: string;
  division: string;
  plot: Plot | null;
  membership: RegisterEntry | null;
}

export function rowOfPlot(plot: Plot): Row {
  return { code: plot.plot_code, division: plot.division_code, plot, membership: null };
}

export function rowOfEntry(entry: RegisterEntry): Row {
  return {
    code: entry.plot_code,
    division: entry.division_code,
    plot: entry.plot,
    membership: entry,
  };
}

export function plotTable(rows: readonly Row[], register: boolean): HTMLElement {
  const heads = [
    t("plots.code"),
    t("plots.name"),
    t("plots.stage"),
    t("plots.area"),
    ...(register ? [t("plots.batch"), t("plots.entered_on")] : [t("plots.since")]),
  ];
  return h(
    "table",
    { class: "table records card" },
    h("caption", { class: "spoken" }, t("plots.title")),
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...rows.map(plotRow)),
  );
}

export function plotRow(row: Row): HTMLElement {
  const { plot, membership } = row;
  return h(
    "tr",
    {},
    nameCell(
      t("plots.code"),
      h("a", { href: plotPage(row.code, row.division) }, row.code),
      h("span", { class: "item-code" }, divisionsNamed([row.division])),
    ),
    cell(t("plots.name"), plot?.name ?? "–"),
    cell(t("plots.stage"), plot ? stageOf(plot) : t("plots.not_on_record")),
    cell(t("plots.area"), plot ? areaOf(plot) : "–"),
    ...(membership
      ? [
          cell(t("plots.batch"), membership.batch ?? "–"),
          cell(t("plots.entered_on"), day(membership.entered_on)),
        ]
      : [cell(t("plots.since"), day(plot?.valid_from))]),
  );
}

/** The address of a plot's page. */
export function plotPage(code: string, division: string): string {
  return `/plots/${encodeURIComponent(code)}?${new URLSearchParams({ division })}`;
}

/** Stage, and the flag beside it. */
export function stageOf(plot: { stage: string; held: boolean | null }): HTMLElement {
  return h(
    "span",
    { class: "stage" },
    chip("category", plot.stage),
    plot.held ? h("span", { class: "chip" }, t("plots.held")) : null,
  );
}

export function areaOf(plot: Plot): string {
  const area = plot.mapped_area_m2 ?? plot.stated_area_m2;
  return area === null ? "–" : areaM2(area);
}

/** A class of use as an officer reads it: its name and code, and the scheme behind it. */
export function useText(scheme: string | null, code: string | null): string {
  if (!code || !scheme) return code ?? "";
  const name = word(`use.${scheme}`, code);
  const told = name === code ? code : `${name} ${code}`;
  return `${told} · ${term("scheme", scheme)}`;
}

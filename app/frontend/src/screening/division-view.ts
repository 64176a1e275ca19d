/** A proposed division of farmland: compared, approved, put into force, taken away. */
import { call, download, keyPerBody } from "../core/api";
import { t, term } from "../core/catalogue";
import { fill, h, type Child } from "../core/dom";
import { notify, showProblem, waiting, whileBusy } from "../core/feedback";
import { saveButton } from "../core/files";
import { areaMu, moment } from "../core/format";
import { divisionsNamed } from "../core/names";
import { fact } from "../core/parts";
import { colourKeys } from "../map/legend";
import { CATEGORIES } from "../map/palette";
import type { Run } from "./types";

interface Compared {
  division_code: string;
  township_code: string | null;
  category_before: string;
  category: string;
  area_m2: number;
}

interface Division {
  areas: Compared[];
  approval: { approver: string; document: string; approved_at: string } | null;
  adoption: {
    effective_on: string;
    actor: string;
    warnings: { division_code: string; before_m2: number; after_m2: number }[];
  } | null;
}

const FILES = [
  ["gpkg", "layer?format=gpkg"],
  ["shp", "layer?format=shp"],
] as const;

/** `rights` names what the person at the page may do: approve, adopt. */
export function divisionView(run: Run, rights: ReadonlySet<string>): HTMLElement {
  const place = h("section", { class: "card stack-tight", id: "division" }, waiting());
  const path = `/screening/runs/${run.id}`;

  function show(found: Division): void {
    fill(
      place,
      h("h3", {}, t("division.title")),
      moved(found.areas),
      mapKeys(),
      files(run),
      standing(found),
      step(found),
    );
  }

  function step(found: Division): Child {
    if (!found.approval) {
      return rights.has("approve") ? approval() : h("p", { class: "hint" }, t("division.to_approve"));
    }
    if (found.adoption) return null;
    return rights.has("adopt") ? adoption() : h("p", { class: "hint" }, t("division.to_adopt"));
  }

  function approval(): HTMLElement {
    const document = field("division-document", t("division.document"));
    return form(t("division.approve"), [document], () => [`${path}/approval`, { document: valueOf(document) }]);
  }

  function adoption(): HTMLElement {
    const on = field("division-on", t("division.on"), "date");
    const reason = field("division-reason", t("division.reason"));
    const evidence = field("division-evidence", t("division.evidence"));
    return form(t("division.adopt"), [on, reason, evidence], () => [
      `${path}/adoption`,
      { on: valueOf(on), reason: valueOf(reason), evidence: [valueOf(evidence)] },
    ]);
  }

  function form(
    title: string,
    fields: HTMLElement[],
    write: () => [string, Record<string, unknown>],
  ): HTMLElement {
    const button = h("button", { class: "button is-main" }, title);
    const fault = h("div", {});
    const key = keyPerBody();
    const made = h("form", { class: "stack-tight" }, ...fields, h("div", { class: "button-row" }, button), fault);
    made.addEventListener("submit", (event) => {
      event.preventDefault();
      void whileBusy(button, async () => {
        const [address, body] = write();
        try {
          show(await call<Division>(address, { method: "POST", body, idempotencyKey: key(body) }));
          notify(t("division.kept"));
        } catch (error) {
          showProblem(fault, error);
        }
      });
    });
    return made;
  }

  call<Division>(`${path}/division`).then(show, (error: unknown) => showProblem(place, error));
  return place;
}

function moved(areas: readonly Compared[]): HTMLElement {
  const changes = new Map<string, number>();
  for (const one of areas) {
    const key = `${one.category_before}>${one.category}`;
    changes.set(key, (changes.get(key) ?? 0) + one.area_m2);
  }
  const facts = [...changes].sort().map(([key, area]) => {
    const [before, after] = key.split(">", 2) as [string, string];
    const name = (code: string): string => term("farmland_category", code);
    const same = before === after;
    return fact(same ? name(after) : `${name(before)} → ${name(after)}`, areaMu(area));
  });
  return h("dl", { class: "facts" }, ...facts);
}

/** What the colours of the pieces on the map stand for. */
function mapKeys(): HTMLElement {
  const keys = Object.entries(CATEGORIES).map(([code, colour]) => ({ colour, label: term("farmland_category", code) }));
  return h("div", { class: "stack-tight" }, colourKeys(keys), h("p", { class: "hint" }, t("division.map_note")));
}

function standing(found: Division): Child {
  const { approval, adoption } = found;
  return h(
    "dl",
    { class: "facts" },
    approval &&
      fact(t("division.approved"), `${approval.document} · ${approval.approver} · ${moment(approval.approved_at)}`),
    adoption && fact(t("division.in_force"), `${adoption.effective_on} · ${adoption.actor}`),
    ...(adoption?.warnings ?? []).map((one) =>
      fact(
        t("division.warning"),
        divisionsNamed([one.division_code]),
        t("format.colon"),
        `${areaMu(one.before_m2)} → ${areaMu(one.after_m2)}`,
      ),
    ),
  );
}

function files(run: Run): HTMLElement {
  const button = (title: string, path: string, name: string): HTMLElement =>
    saveButton(title, () => download(path, name));
  const layers = FILES.map(([form, address]) =>
    button(
      t(form === "gpkg" ? "division.layer_gpkg" : "division.layer_shp"),
      `/screening/runs/${run.id}/${address}`,
      `farmland-categories-${run.as_of}.${form === "gpkg" ? "gpkg" : "zip"}`,
    ),
  );
  const reports = ["pdf", "xlsx"].map((form) =>
    button(
      `${t("division.checks")} ${form.toUpperCase()}`,
      `/reports/category_quality?run=${run.id}&format=${form}`,
      `jingtu-category-quality-${run.id}.${form}`,
    ),
  );
  return h("div", { class: "button-row" }, ...layers, ...reports);
}

function field(id: string, title: string, type = "text"): HTMLElement {
  const input = h("input", { class: "input", id, type, required: true, maxlength: 500, autocomplete: "off" });
  return h("div", { class: "field" }, h("label", { for: id }, title), input);
}

function valueOf(made: HTMLElement): string {
  return made.querySelector("input")?.value.trim() ?? "";
}

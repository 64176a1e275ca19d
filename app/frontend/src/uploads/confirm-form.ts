/** What was guessed about a file, with the evidence; a person confirms or corrects it. */
import { call } from "../core/api";
import { t, type Key } from "../core/catalogue";
import { byId, fill, h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { count } from "../core/format";
import type { MapView } from "../map/view";
import { boxGeometry, type Bounds } from "../geo/polygon";
import { mappingFields, readMapping } from "./mapping-fields";
import { sampleFrame, sampleTable } from "./sample-table";
import type { Alternative, Proposal, ProposalSubject, Upload } from "./types";

const TITLES: Record<ProposalSubject, Key> = {
  crs: "upload.crs",
  encoding: "upload.encoding",
  member: "upload.member",
  mapping: "upload.mapping",
};

/** Called when the upload was confirmed and is read on. */
type Confirmed = (upload: Upload) => void;

export function confirmForm(
  upload: Upload,
  proposal: Proposal,
  map: Promise<MapView | null>,
  confirmed: Confirmed,
): HTMLElement {
  const fault = h("div", {});
  const samples = sampleFrame(sampleTable(proposal.samples, proposal.mapping));
  const button = h("button", { class: "button is-main" }, t("confirm.button"));
  const outline = (bounds: Bounds | null | undefined): void => void drawOutline(map, bounds);
  const form = h(
    "form",
    { class: "card stack", "aria-labelledby": "confirm-title" },
    h("h3", { class: "heading", id: "confirm-title" }, t("confirm.title")),
    h("p", { class: "second" }, t("confirm.lead")),
    ...proposal.must_confirm.map((subject) =>
      question(subject, upload, proposal, samples, outline),
    ),
    otherEvidence(proposal),
    proposal.samples.length > 0 &&
      h("section", { class: "stack-tight" }, h("h4", {}, t("confirm.samples")), samples),
    fault,
    h("div", { class: "button-row" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      try {
        const body = readAnswers(form, proposal);
        const path = `/uploads/${upload.id}/confirm`;
        confirmed(await call<Upload>(path, { method: "POST", body }));
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  outline(proposal.bounds);
  return form;
}

/** One guess: what is proposed, why, and what else it may be. */
function question(
  subject: ProposalSubject,
  upload: Upload,
  proposal: Proposal,
  samples: HTMLElement,
  outline: (bounds: Bounds | null | undefined) => void,
): HTMLElement {
  const chosen = (other: Alternative): void => {
    if (subject === "crs") outline(other.bounds ?? proposal.bounds);
    if (subject === "encoding" && other.samples) {
      fill(samples, sampleTable(other.samples, proposal.mapping));
    }
  };
  return h(
    "fieldset",
    { class: "fieldset question", "data-subject": subject },
    h("legend", {}, t(TITLES[subject])),
    evidenceList(proposal, subject),
    subject === "mapping"
      ? mappingFields(upload.layer, proposal)
      : choices(subject, proposal, chosen),
    subject === "crs" && h("p", { class: "hint" }, t("confirm.place")),
  );
}

function evidenceList(proposal: Proposal, subject: ProposalSubject): HTMLElement | null {
  const seen = proposal.evidence.filter((one) => one.subject === subject);
  if (seen.length === 0) return null;
  return h(
    "ul",
    { class: "bullets second" },
    ...seen.map((one) => h("li", {}, one.message)),
  );
}

/** What was seen of values that need no confirmation. */
function otherEvidence(proposal: Proposal): HTMLElement | null {
  const others = proposal.evidence.filter(
    (one) => !proposal.must_confirm.includes(one.subject),
  );
  if (others.length === 0) return null;
  return h(
    "details",
    { class: "more" },
    h("summary", {}, t("confirm.known")),
    h("ul", { class: "bullets second" }, ...others.map((one) => h("li", {}, one.message))),
  );
}

function choices(
  subject: ProposalSubject,
  proposal: Proposal,
  chosen: (other: Alternative) => void,
): HTMLElement {
  const own = proposal[subject] as string | number | null;
  const others = (proposal.alternatives[subject] ?? []).filter(({ value }) => value !== own);
  const offered: Alternative[] = own === null ? others : [ownOf(subject, proposal), ...others];
  const lines = offered.map((other, place) => {
    const radio = h("input", {
      type: "radio",
      name: `confirm-${subject}`,
      value: String(other.value),
      required: true,
      checked: place === 0 && own !== null,
    });
    radio.addEventListener("change", () => chosen(other));
    return h("label", { class: "choice" }, radio, ...words(subject, other, place === 0 && own !== null));
  });
  return h("div", { class: "stack-tight" }, ...lines, otherSystem(subject, offered));
}

function ownOf(subject: ProposalSubject, proposal: Proposal): Alternative {
  const value = proposal[subject] as string | number;
  return { value, bounds: proposal.bounds, samples: proposal.samples };
}

function words(subject: ProposalSubject, other: Alternative, proposed: boolean): Child[] {
  const rows = other.rows ?? null;
  return [
    subject === "crs" ? systemName(Number(other.value)) : nameOf(subject, other),
    proposed && h("span", { class: "need" }, t("confirm.proposed")),
    rows !== null && h("span", { class: "need" }, t("confirm.rows", { count: count(rows) })),
  ];
}

/** Encodings are known by capitals; a layer's name stands as it is written. */
function nameOf(subject: ProposalSubject, { value }: Alternative): string {
  return subject === "encoding" ? String(value).toUpperCase() : String(value);
}

/** Any other system of the list, where none of those offered is right. */
function otherSystem(subject: ProposalSubject, offered: readonly Alternative[]): Child {
  if (subject !== "crs") return null;
  const known = new Set(offered.map(({ value }) => String(value)));
  const options = systems().filter((option) => option.value && !known.has(option.value));
  const radio = h("input", { type: "radio", name: "confirm-crs", value: "", required: true });
  const select = h(
    "select",
    { class: "input", "aria-label": t("confirm.other_system") },
    ...options.map((option) => h("option", { value: option.value }, option.text)),
  );
  select.addEventListener("change", () => {
    radio.checked = true;
  });
  return h(
    "div",
    { class: "other-system" },
    h("label", { class: "choice" }, radio, t("confirm.other_system")),
    select,
  );
}

function systems(): HTMLOptionElement[] {
  return Array.from(byId<HTMLSelectElement>("systems").options);
}

/** The name of a coordinate system, as the page's list has it. */
export function systemName(srid: number): string {
  const option = systems().find(({ value }) => value === String(srid));
  return option?.text ?? `EPSG:${srid}`;
}

function readAnswers(form: HTMLFormElement, proposal: Proposal): Record<string, unknown> {
  const answers: Record<string, unknown> = {};
  for (const subject of proposal.must_confirm) {
    const part = form.querySelector<HTMLElement>(`[data-subject="${subject}"]`)!;
    if (subject === "mapping") {
      answers[subject] = readMapping(part);
      continue;
    }
    const picked = part.querySelector<HTMLInputElement>("input:checked")?.value;
    const text = picked || part.querySelector("select")?.value || "";
    answers[subject] = subject === "crs" ? Number(text) : text;
  }
  return answers;
}

async function drawOutline(
  map: Promise<MapView | null>,
  bounds: Bounds | null | undefined,
): Promise<void> {
  const view = await map;
  if (!bounds) {
    view?.showMarks([]);
    view?.goHome();
    return;
  }
  const geometry = boxGeometry(bounds);
  view?.showMarks([{ id: "outline", tone: "outline", geometry }]);
  view?.flyTo(geometry, boxGeometry(view.home));
}

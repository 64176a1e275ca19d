/** The query page: find a parcel, see what lies on it, ask for a decision. */
import { call } from "../core/api";
import { loadCatalogue, t } from "../core/catalogue";
import { byId, drawIcons, fill, h } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { wireMasthead } from "../core/masthead";
import { Problem } from "../core/problem";
import type { AskedPolygon, PolygonGeometry } from "../geo/polygon";
import { homeBounds, openMap } from "../map/open";
import type { MapView } from "../map/view";
import { wireAsk } from "../query/ask";
import { extractView } from "../query/extract-view";
import { EvidenceOnMap } from "../query/evidence";
import { parcelCard, polygonCard, recordedCard } from "../query/parcel-card";
import { wireCoordinates, wireDrawing } from "../query/polygon-input";
import type { Decision, Evidence, Extract, Parcel, RecordedDecision } from "../query/types";

let map: MapView | null = null;
/** The latest question; an answer that comes after another was asked is dropped. */
let asked: AbortController | null = null;

await loadCatalogue();
wireMasthead();
drawIcons();
const ask = wireAsk(drawEvidence);
wireFind();
const home = homeBounds();
wireCoordinates((home[0] + home[2]) / 2, (polygon) => void openPolygon(polygon));
wireDrawing(
  () => map,
  (polygon) => void openPolygon(polygon),
);
const mapReady = openMap((code) => void openParcel(code)).then((opened) => {
  map = opened;
});
void openFromAddress();

function wireFind(): void {
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = byId<HTMLInputElement>("parcel-code").value.replace(/\s/g, "");
    if (code) void whileBusy(byId("find-button"), () => openParcel(code));
  });
}

/** Open what the address names, so that a page can be reloaded and passed on. */
async function openFromAddress(): Promise<void> {
  const parameters = new URLSearchParams(location.search);
  const code = parameters.get("parcel");
  const decision = parameters.get("decision");
  if (decision) await openDecision(decision);
  else if (code) await openParcel(code);
}

/** Show a recorded decision beside its land: as it is today, else as it was then. */
async function openDecision(id: string): Promise<void> {
  await open(async (signal) => {
    const path = `/gate/decisions/${encodeURIComponent(id)}`;
    const { geometry, properties: decision } = await call<RecordedDecision>(path, {
      signal,
      geojson: true,
    });
    const codes = decision.subject.parcel_codes;
    const found = codes.length === 1 && (await showParcel(codes[0]!, signal).catch(() => false));
    signal.throwIfAborted();
    if (!found) showRecorded(decision, geometry);
    void mapReady.then(() => map?.showSubject(geometry));
    ask.show(decision);
  });
}

function showRecorded(decision: Decision, geometry: PolygonGeometry): void {
  const codes = decision.subject.parcel_codes;
  fill(byId("subject"), recordedCard(decision));
  fill(byId("panel-extract"));
  byId("answer").hidden = false;
  // A parcel that was replaced since cannot be asked about again.
  if (codes.length === 0) ask.setSubject({ geometry });
  else ask.setSubject(codes.length > 1 ? { parcel_codes: codes } : null);
}

/** Draw what a decision rests on; an earlier decision's marks go. */
function drawEvidence(decision: Decision): (evidence: Evidence) => void {
  const shown = mapReady.then(() => map && new EvidenceOnMap(map, decision));
  void shown.then((evidence) => evidence?.draw());
  return (evidence) => {
    void shown.then((drawn) => drawn?.locate(evidence));
    byId("map").scrollIntoView({ block: "nearest" });
  };
}

async function openParcel(code: string): Promise<void> {
  byId<HTMLInputElement>("parcel-code").value = code;
  await open((signal) => showParcel(code, signal));
}

async function showParcel(code: string, signal: AbortSignal): Promise<true> {
  const path = `/parcels/${encodeURIComponent(code)}`;
  const [parcel, extract] = await Promise.all([
    call<Parcel>(path, { signal }),
    call<Extract>(`${path}/extract`, { signal }),
  ]);
  byId<HTMLInputElement>("parcel-code").value = parcel.parcel_code;
  setAddress(parcel.parcel_code);
  show(parcelCard(parcel), extract, parcel.geometry);
  ask.setSubject({ parcel_code: parcel.parcel_code });
  return true;
}

async function openPolygon(body: AskedPolygon): Promise<void> {
  await open(async (signal) => {
    const extract = await call<Extract>("/extracts", { method: "POST", body, signal });
    setAddress(null);
    byId<HTMLInputElement>("parcel-code").value = "";
    const { geometry } = extract.subject;
    show(polygonCard(extract), extract, geometry);
    ask.setSubject({ geometry });
  });
}

/** Run one question at a time; show that it runs, and what went wrong. */
async function open(question: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  byId("steps").hidden = true;
  byId("answer").hidden = true;
  fill(byId("subject"), waiting());
  try {
    await question(mine.signal);
  } catch (error) {
    if (mine !== asked) return;
    showProblem(byId("subject"), error);
    offerSuccessors(error);
  }
}

function show(card: HTMLElement, extract: Extract, geometry: PolygonGeometry): void {
  fill(byId("subject"), card);
  fill(
    byId("panel-extract"),
    extractView(extract, (layer, code) => map?.highlight(layer, code)),
  );
  byId("answer").hidden = false;
  card.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  void mapReady.then(() => {
    map?.showMarks([]);
    map?.showSubject(geometry);
  });
}

/** A code since split, merged or renumbered leads to the parcels of today. */
function offerSuccessors(error: unknown): void {
  const codes = error instanceof Problem ? error.body["successors"] : null;
  if (!Array.isArray(codes) || codes.length === 0) return;
  const buttons = codes.map((code: unknown) => {
    const button = h("button", { type: "button", class: "button code" }, String(code));
    button.addEventListener("click", () => void openParcel(String(code)));
    return button;
  });
  byId("subject").append(
    h("p", { class: "second" }, t("parcel.successors")),
    h("div", { class: "button-row" }, ...buttons),
  );
}

/** Name the land that is shown; a decision that was shown before it is no longer. */
function setAddress(code: string | null): void {
  const url = new URL(location.href);
  url.searchParams.delete("decision");
  if (code) url.searchParams.set("parcel", code);
  else url.searchParams.delete("parcel");
  history.replaceState(null, "", url);
}

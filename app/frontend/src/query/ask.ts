/** Ask the gate about the subject and show the decision. */
import { call, newIdempotencyKey } from "../core/api";
import { t } from "../core/catalogue";
import { byId, fill, h, icon } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { wireTabs } from "../core/tabs";
import type { PolygonGeometry } from "../geo/polygon";
import { prepareForm, readQuestion } from "./ask-form";
import { decisionView } from "./decision-view";
import type { Decision } from "./types";

export type AskedSubject = { parcel_code: string } | { geometry: PolygonGeometry };

/** What the page may tell the gate's panel. */
export interface Ask {
  /** Ask about this from now on; an earlier decision leaves the screen. */
  setSubject(subject: AskedSubject): void;
  /** Show a recorded decision. */
  open(id: string): Promise<void>;
}

/** A request that got no answer is sent again under the same key. */
let pending: { body: string; key: string } | null = null;

export function wireAsk(): Ask {
  const selectTab = wireTabs(byId("tabs"));
  const place = byId("decision");
  let subject: AskedSubject | null = null;

  byId("tab-decision").addEventListener("click", () => void prepare());
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    if (subject) void whileBusy(byId("ask-button"), () => decide(subject!));
  });
  return {
    setSubject(next) {
      subject = next;
      pending = null;
      place.replaceChildren();
      selectTab("tab-extract");
    },
    async open(id) {
      selectTab("tab-decision");
      void prepare();
      try {
        show(await call<Decision>(`/gate/decisions/${encodeURIComponent(id)}`));
      } catch (error) {
        showProblem(place, error);
      }
    },
  };
}

async function prepare(): Promise<void> {
  try {
    await prepareForm();
  } catch (error) {
    showProblem(byId("decision"), error);
  }
}

async function decide(subject: AskedSubject): Promise<void> {
  const place = byId("decision");
  const body = { ...readQuestion(), subject };
  const text = JSON.stringify(body);
  if (pending?.body !== text) pending = { body: text, key: newIdempotencyKey() };
  fill(place, waiting());
  try {
    const decision = await call<Decision>("/gate/decisions", {
      method: "POST",
      body,
      idempotencyKey: pending.key,
    });
    pending = null;
    remember(decision.id);
    show(decision);
  } catch (error) {
    showProblem(place, error);
  }
}

function show(decision: Decision): void {
  const place = byId("decision");
  fill(place, decisionView(decision), printButton());
  const word = place.querySelector<HTMLElement>(".outcome-word");
  word?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

function printButton(): HTMLElement {
  const button = h("button", { type: "button", class: "button no-print" });
  button.append(icon("print"), t("decision.print"));
  button.addEventListener("click", () => print());
  return h("div", { class: "button-row" }, button);
}

function remember(id: string): void {
  const url = new URL(location.href);
  url.searchParams.set("decision", id);
  history.replaceState(null, "", url);
}

/** Ask the gate about the subject and show the decision. */
import { call, newIdempotencyKey } from "../core/api";
import { language, t } from "../core/catalogue";
import { byId, fill, h, icon } from "../core/dom";
import { showProblem, waiting, whileBusy } from "../core/feedback";
import { wireTabs } from "../core/tabs";
import type { PolygonGeometry } from "../geo/polygon";
import { prepareForm, readQuestion } from "./ask-form";
import { decisionView } from "./decision-view";
import type { Locate } from "./evidence";
import type { Decision } from "./types";

export type AskedSubject =
  | { parcel_code: string }
  | { parcel_codes: string[] }
  | { geometry: PolygonGeometry };

/** What the page may tell the gate's panel. */
export interface Ask {
  /** Ask about this from now on, `null` about nothing; an earlier decision goes. */
  setSubject(subject: AskedSubject | null): void;
  /** Show a recorded decision. */
  show(decision: Decision): void;
}

/** Called with each decision that is shown; gives the way to its evidence. */
type Shown = (decision: Decision) => Locate;

/** A request that got no answer is sent again under the same key. */
let pending: { body: string; key: string } | null = null;

export function wireAsk(shown: Shown): Ask {
  const selectTab = wireTabs(byId("tabs"));
  /** Roles that only read have no form. */
  const form = document.getElementById("ask");
  let subject: AskedSubject | null = null;

  byId("tab-decision").addEventListener("click", () => form && void prepare());
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (subject) void whileBusy(byId("ask-button"), () => decide(subject!, shown));
  });
  return {
    setSubject(next) {
      subject = next;
      pending = null;
      if (form) form.hidden = next === null;
      byId("decision").replaceChildren();
      selectTab("tab-extract");
    },
    show(decision) {
      selectTab("tab-decision");
      if (form) void prepare();
      show(decision, shown);
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

async function decide(subject: AskedSubject, shown: Shown): Promise<void> {
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
    show(decision, shown);
  } catch (error) {
    showProblem(place, error);
  }
}

function show(decision: Decision, shown: Shown): void {
  const place = byId("decision");
  if (decision.id) remember(decision.id);
  const reader = {
    speaksFor: place.dataset["speaksFor"] ?? "",
    made: (next: Decision) => show(next, shown),
  };
  fill(place, decisionView(decision, shown(decision), reader), papers(decision));
  const word = place.querySelector<HTMLElement>(".outcome-word");
  word?.focus({ preventScroll: true });
  place.scrollIntoView({ block: "start" });
}

/** What can be taken away: the certificate where there is one, and a print. */
function papers(decision: Decision): HTMLElement {
  const button = h("button", { type: "button", class: "button" });
  button.append(icon("print"), t("decision.print"));
  button.addEventListener("click", () => print());
  const certificate = decision.links.certificate;
  const link =
    certificate &&
    h(
      "a",
      { class: "button is-main", href: `${certificate}?lang=${language()}`, target: "_blank", rel: "noopener" },
      icon("download"),
      t("decision.certificate_file"),
    );
  return h("div", { class: "button-row no-print" }, link, button);
}

function remember(id: string): void {
  const url = new URL(location.href);
  url.searchParams.set("decision", id);
  history.replaceState(null, "", url);
}

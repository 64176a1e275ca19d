/** How a decision stands today, where that is not simply in force. */
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { moment } from "../core/format";
import { dotted } from "../core/parts";
import type { Decision, StandingState } from "./types";

/** States in which a decision must not be used any more. */
export const ENDED: ReadonlySet<StandingState> = new Set(["annulled", "replaced"]);

/** What it comes to, since when and why; nothing while it is in force. */
export function standingBox(decision: Decision): HTMLElement | null {
  const state = decision.standing?.state ?? "in_force";
  if (state === "in_force") return null;
  const event = decision.standing?.events.filter((one) => one.kind === state).at(-1);
  return h(
    "section",
    { class: "notice-box standing", "data-tone": state },
    h("h3", {}, term("standing", state)),
    h("p", {}, t(`verify.means_${state}`)),
    event && h("p", { class: "second" }, ...dotted(moment(event.happened_at), event.actor, event.reason)),
  );
}

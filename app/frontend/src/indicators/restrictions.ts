/** Limits to approvals of new projects: as they were entered, and a form to enter one. */
import { call, keyPerBody } from "../core/api";
import { t } from "../core/catalogue";
import { byId, fill, h } from "../core/dom";
import { notify, showProblem, whileBusy } from "../core/feedback";
import { moment } from "../core/format";
import { dashboardRow, dashboardTable } from "./table";
import type { Restriction } from "./types";

/** Show the entries of a division, or of all, while these are what is asked for. */
export async function showRestrictions(division: string | null, current: () => boolean): Promise<void> {
  const query = new URLSearchParams();
  if (division) query.set("division", division);
  const place = byId("restrictions");
  try {
    const { items } = await call<{ items: Restriction[] }>(`/approval-restrictions?${query}`);
    if (current()) fill(place, items.length > 0 ? entryTable(items) : h("p", { class: "hint" }, t("restrictions.none")));
  } catch (error) {
    if (current()) showProblem(place, error);
  }
}

function entryTable(items: readonly Restriction[]): HTMLElement {
  const keys = ["indicators.where", "restrictions.on", "restrictions.what", "restrictions.why", "restrictions.by"] as const;
  const heads = keys.map((key) => ({ title: t(key) }));
  const line = (one: Restriction): HTMLElement =>
    dashboardRow(
      heads,
      [one.name ? `${one.name} ${one.division_code}` : one.division_code],
      [
        one.on,
        t(one.restricted ? "restrictions.limited" : "restrictions.free"),
        one.reason ?? "–",
        `${moment(one.recorded_at)} · ${one.actor}`,
      ],
    );
  return dashboardTable(t("restrictions.title"), heads, h("tbody", {}, ...items.map(line)));
}

/** Wire the form, for those who may; `entered` is told of each entry that was taken. */
export function wireRestriction(entered: () => void): void {
  const form = document.querySelector<HTMLFormElement>("#restrict");
  if (!form) return;
  const key = keyPerBody();
  const value = (name: string): string => byId<HTMLInputElement>(`restrict-${name}`).value.trim();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(byId("restrict-button"), async () => {
      const county = value("county").replace(/\s/g, "");
      const body = {
        restricted: value("what") === "limit",
        on: value("on"),
        reason: value("reason"),
        document: value("document"),
      };
      try {
        const path = `/divisions/${encodeURIComponent(county)}/restriction`;
        await call(path, { method: "POST", body, idempotencyKey: key({ county, ...body }) });
        fill(byId("restrict-problem"));
        notify(t(body.restricted ? "restrictions.now_limited" : "restrictions.now_free", { county, day: body.on }));
        entered();
      } catch (error) {
        showProblem(byId("restrict-problem"), error);
      }
    });
  });
}

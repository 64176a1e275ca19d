/** What was found in a file, under tabs: its faults, what it would change, the commit. */
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { wireTabs } from "../core/tabs";
import type { MapView } from "../map/view";
import { Diff } from "./diff";
import { Report } from "./report";
import type { Upload } from "./types";

export class Findings {
  readonly element: HTMLElement;
  private readonly report: Report;
  private diff: Diff | null = null;

  constructor(
    private readonly upload: Upload,
    private readonly map: Promise<MapView | null>,
    commit: HTMLElement | null = null,
  ) {
    this.report = new Report(upload, map);
    const faults = tab("faults", t("report.title"), true);
    const changes = tab("changes", t("diff.title"), false);
    const tabs = h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": t("upload.findings") },
      faults,
      changes,
      commit && tab("commit", t("commit.title"), false),
    );
    const changed = panel("changes", false);
    const reported = panel("faults", true);
    reported.append(this.report.element);
    const last = panel("commit", false);
    if (commit) last.append(commit);
    this.element = h(
      "section",
      { class: "stack" },
      tabs,
      reported,
      changed,
      commit && last,
    );
    // The tabs look for their panels in the page.
    queueMicrotask(() =>
      wireTabs(tabs, (id) => {
        if (id === faults.id) this.report.draw();
        if (id === changes.id) this.showDiff(changed);
      }),
    );
  }

  private showDiff(place: HTMLElement): void {
    if (this.diff) {
      this.diff.draw();
      return;
    }
    this.diff = new Diff(this.upload, this.map);
    place.append(this.diff.element);
  }
}

function tab(name: string, title: string, chosen: boolean): HTMLElement {
  return h(
    "button",
    {
      type: "button",
      class: "tab",
      role: "tab",
      id: `tab-${name}`,
      "aria-controls": `panel-${name}`,
      "aria-selected": String(chosen),
      tabindex: chosen ? null : "-1",
    },
    title,
  );
}

function panel(name: string, shown: boolean): HTMLElement {
  return h("div", {
    id: `panel-${name}`,
    class: "stack",
    role: "tabpanel",
    "aria-labelledby": `tab-${name}`,
    hidden: !shown,
  });
}

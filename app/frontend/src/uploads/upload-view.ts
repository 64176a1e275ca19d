/** One upload, from the file's arrival to the register and back: what it needs now. */
import { call } from "../core/api";
import { t, term } from "../core/catalogue";
import { byId, fill, h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { count, day, fileSize, moment } from "../core/format";
import { divisionsNamed } from "../core/names";
import { fact, more, type Meter, meter } from "../core/parts";
import { backButton, failedBox, Watch } from "../core/watch";
import type { MapView } from "../map/view";
import { commitForm } from "./commit-form";
import { confirmForm, systemName } from "./confirm-form";
import { Findings } from "./findings";
import { layerTitle } from "./attributes";
import { stateChip } from "./list";
import { outcomeOf } from "./outcome-view";
import { readingView } from "./reading-view";
import { recheckButton } from "./recheck";
import type { Progress, Upload } from "./types";

const OPEN_STATES = new Set(["received", "reading", "needs_confirmation", "checked", "staged"]);

export class UploadView {
  private readonly place = byId("upload");
  private readonly watch = new Watch<Upload>(
    this.place,
    () => this.above(),
    (upload) => this.show(upload),
  );
  private shown = "";
  private meter: Meter | null = null;
  private givingUp: { id: string; element: HTMLElement } | null = null;
  private readonly progressText = h("p", { class: "second", role: "status" });

  constructor(
    private readonly map: Promise<MapView | null>,
    private readonly back: () => void,
  ) {}

  async open(id: string): Promise<void> {
    this.close();
    await this.watch.open(pathOf(id));
  }

  close(): void {
    this.shown = "";
    this.watch.close();
    void this.map.then((map) => {
      map?.onMoved(null);
      map?.showMarks([]);
    });
  }

  /** Show the upload; what did not change stays as it is, with what is typed in it. */
  private show(upload: Upload): void {
    const stage = JSON.stringify([upload.id, upload.state, upload.under_way, upload.refusal]);
    if (stage !== this.shown) {
      this.shown = stage;
      this.watch.hurry();
      fill(this.place, this.above(), this.head(upload), ...this.body(upload));
    }
    this.showProgress(upload);
    if (isMoving(upload)) this.watch.askAgain(pathOf(upload.id));
    else this.watch.rest();
  }

  private above(): HTMLElement {
    return backButton(t("upload.back"), () => this.back());
  }

  private body(upload: Upload): Child[] {
    if (["committed", "reverted"].includes(upload.state)) {
      void this.map.then((map) => map?.refresh());
    }
    const refused = upload.refusal && this.told("upload.refused", upload.refusal.message, upload);
    if (isMoving(upload)) return [this.moving(upload)];
    switch (upload.state) {
      case "needs_confirmation":
        return [refused, this.confirmation(upload)];
      case "failed":
        return [this.told("upload.failed", upload.failure?.message ?? "", null)];
      case "checked":
      case "staged":
        return [
          refused,
          new Findings(upload, this.map, commitForm(upload, (next) => this.show(next))).element,
        ];
      default:
        return [
          refused,
          outcomeOf(upload, (next) => this.show(next)),
          new Findings(upload, this.map).element,
        ];
    }
  }

  private confirmation(upload: Upload): Child {
    if (!upload.proposed) return null;
    return confirmForm(upload, upload.proposed, this.map, (next) => this.show(next));
  }

  /** A file or an order that was refused: why, and what can be done about it. */
  private told(
    title: "upload.refused" | "upload.failed",
    message: string,
    upload: Upload | null,
  ): HTMLElement {
    const again =
      upload &&
      ["checked", "staged"].includes(upload.state) &&
      recheckButton(upload, (next) => this.show(next));
    return failedBox(t(title), message, again);
  }

  private moving(upload: Upload): HTMLElement {
    this.meter = meter(t("progress.title"));
    const doing = upload.under_way ?? "examine";
    return h(
      "section",
      { class: "card stack-tight", id: "progress" },
      h("h3", {}, term("under_way", doing)),
      this.meter.element,
      this.progressText,
    );
  }

  private showProgress(upload: Upload): void {
    this.meter?.set(progressPart(upload.progress));
    // A word that is said again is read aloud again.
    const text = progressText(upload.progress);
    if (this.progressText.textContent !== text) this.progressText.textContent = text;
  }

  private head(upload: Upload): HTMLElement {
    const { declared } = upload;
    const reading = upload.facts?.reading;
    const srid = declared.crs ?? reading?.crs;
    const encoding = declared.encoding ?? reading?.encoding;
    return h(
      "section",
      { class: "card parcel-card", "aria-label": t("upload.one") },
      h(
        "div",
        { class: "upload-line" },
        h("h2", { class: "heading file-name", tabindex: "-1" }, upload.filename),
        stateChip(upload),
      ),
      h(
        "dl",
        { class: "facts" },
        fact(t("upload.layer"), layerTitle(upload.layer)),
        fact(t("parcel.division"), divisionsNamed([upload.division_code])),
        upload.rows !== null && fact(t("upload.rows_title"), count(upload.rows)),
        fact(t("parcel.valid_from"), day(declared.valid_from)),
        fact(t("upload.scope"), term("update", declared.update)),
        srid && fact(t("upload.crs"), systemName(srid)),
        encoding && fact(t("upload.encoding"), encoding.toUpperCase()),
        declared.member && fact(t("upload.member"), declared.member),
        fact(t("upload.sent"), `${moment(upload.received_at)} · ${upload.actor}`),
      ),
      reading && readingView(upload, reading),
      more(
        t("upload.file"),
        h("p", { class: "second" }, fileSize(upload.size_bytes)),
        h("p", { class: "code is-long second" }, `SHA-256 ${upload.sha256}`),
      ),
      this.withdrawal(upload),
    );
  }

  /** One button for an upload: what is pressed while the rest is drawn anew still counts. */
  private withdrawal(upload: Upload): Child {
    if (!OPEN_STATES.has(upload.state) || upload.under_way === "commit") return null;
    if (this.givingUp?.id !== upload.id) {
      this.givingUp = { id: upload.id, element: this.withdrawalOf(upload) };
    }
    return this.givingUp.element;
  }

  private withdrawalOf(upload: Upload): HTMLElement {
    const fault = h("div", {});
    const button = h("button", { type: "button", class: "button" }, t("upload.withdraw"));
    button.addEventListener("click", () => {
      void whileBusy(button, async () => {
        try {
          this.show(await call<Upload>(`/uploads/${upload.id}`, { method: "DELETE" }));
        } catch (error) {
          showProblem(fault, error);
        }
      });
    });
    return h("div", { class: "stack-tight" }, h("div", { class: "button-row" }, button), fault);
  }
}

function pathOf(id: string): string {
  return `/uploads/${encodeURIComponent(id)}`;
}

function isMoving(upload: Upload): boolean {
  return upload.under_way !== null || ["received", "reading"].includes(upload.state);
}

/** The rows are the first half of the way, the checks of the whole file the second. */
function progressPart(progress: Progress | null): number | null {
  if (!progress) return null;
  if (progress.step === "read") return progress.of ? progress.rows / progress.of / 2 : null;
  if (progress.step === "compare") return null;
  return progress.checks ? 0.5 + progress.checks_done / progress.checks / 2 : null;
}

function progressText(progress: Progress | null): string {
  if (!progress) return t("progress.waiting");
  const step = term("step", progress.step);
  const rows = count(progress.rows);
  if (progress.step === "check" && progress.check) {
    return t("progress.check", {
      rows,
      check: term("check_of_file", progress.check),
      done: progress.checks_done,
      checks: progress.checks,
    });
  }
  if (!progress.of) return t("progress.rows", { step, rows });
  return t("progress.rows_of", { step, rows, of: count(progress.of) });
}

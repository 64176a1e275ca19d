/** Files on their way: sent one by one; what broke off is sent again. */
import { t } from "../core/catalogue";
import { byId, fill, h, icon, type Child } from "../core/dom";
import { problemBox } from "../core/feedback";
import { fileSize, share } from "../core/format";
import { meter } from "../core/parts";
import { type Declaration, sendFile, type Sending, Stopped } from "./send";
import type { Upload } from "./types";

/** Called with each upload that has arrived; `alone` when it was the only file. */
type Arrived = (upload: Upload, alone: boolean) => void;

interface Entry {
  file: File;
  declaration: Declaration;
  row: HTMLElement;
  sending: Sending | null;
  alone: boolean;
}

export class Queue {
  private readonly waiting: Entry[] = [];
  private current: Entry | null = null;

  constructor(private readonly arrived: Arrived) {
    // The browser asks before it drops a file that is half sent.
    addEventListener("beforeunload", (event) => {
      if (this.current) event.preventDefault();
    });
  }

  /** Take files with what is declared of all of them. */
  add(files: readonly File[], declaration: Declaration): void {
    for (const file of files) {
      const row = h("li", { class: "queue-row" });
      byId("queue").append(row);
      this.take({ file, declaration, row, sending: null, alone: files.length === 1 });
    }
  }

  private take(entry: Entry): void {
    this.waiting.push(entry);
    this.show(entry, h("p", { class: "second" }, t("queue.waiting")), this.removal(entry));
    if (!this.current) void this.work();
  }

  private async work(): Promise<void> {
    for (let entry = this.waiting.shift(); entry; entry = this.waiting.shift()) {
      this.current = entry;
      await this.send(entry);
      this.current = null;
    }
  }

  private async send(entry: Entry): Promise<void> {
    const bar = meter(t("queue.sent"));
    const word = h("p", { class: "second" }, t("queue.sending"));
    entry.sending = sendFile(entry.file, entry.declaration, (part) => {
      bar.set(part);
      // All is sent; the service still has to put it away.
      word.textContent = part < 1 ? share(part) : t("queue.arriving");
    });
    const stop = this.button("draw.cancel", () => entry.sending?.stop());
    this.show(entry, bar.element, word, stop);
    try {
      const upload = await entry.sending.done;
      this.show(entry, h("p", { class: "second" }, t("queue.arrived")));
      entry.row.remove();
      this.arrived(upload, entry.alone);
    } catch (error) {
      this.showFailure(entry, error);
    }
  }

  private showFailure(entry: Entry, error: unknown): void {
    const again = this.button("queue.again", () => this.take(entry));
    const told =
      error instanceof Stopped
        ? h("p", { class: "second" }, t("queue.stopped"))
        : problemBox(error);
    this.show(entry, told, h("p", { class: "hint" }, t("queue.same")), again, this.removal(entry));
  }

  private removal(entry: Entry): HTMLElement {
    return this.button("queue.remove", () => {
      const place = this.waiting.indexOf(entry);
      if (place >= 0) this.waiting.splice(place, 1);
      entry.row.remove();
    });
  }

  private button(
    key: "draw.cancel" | "queue.again" | "queue.remove",
    act: () => void,
  ): HTMLElement {
    const button = h("button", { type: "button", class: "button is-plain" }, t(key));
    button.addEventListener("click", act);
    return button;
  }

  private show(entry: Entry, ...inside: Child[]): void {
    const { name, size } = entry.file;
    fill(
      entry.row,
      h(
        "p",
        { class: "queue-file" },
        icon("file"),
        h("span", { class: "file-name" }, name),
        h("span", { class: "second" }, fileSize(size)),
      ),
      ...inside,
    );
  }
}

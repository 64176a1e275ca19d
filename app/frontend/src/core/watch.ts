/** Something the server works on, shown in its place until it stands still. */
import { call } from "./api";
import { fill, h, icon, type Child } from "./dom";
import { showProblem, waiting } from "./feedback";
import { type Problem, toProblem } from "./problem";

const FIRST_PAUSE_MS = 600;
const LONGEST_PAUSE_MS = 4000;

export class Watch<Item> {
  private timer = 0;
  private pause = FIRST_PAUSE_MS;
  private asked = 0;

  /** `above` makes what stands over it always; `show` draws it, and calls `askAgain` while it moves. */
  constructor(
    private readonly place: HTMLElement,
    private readonly above: () => HTMLElement,
    private readonly show: (item: Item) => void,
  ) {}

  /** Ask for it and show it, or why it cannot be shown. */
  async open(path: string): Promise<void> {
    this.close();
    const mine = this.asked;
    this.place.hidden = false;
    fill(this.place, this.above(), waiting());
    try {
      const item = await call<Item>(path);
      if (mine !== this.asked) return;
      this.show(item);
      this.place.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
    } catch (error) {
      if (mine === this.asked) this.showFault(error);
    }
  }

  private showFault(error: unknown): void {
    const box = h("div", {});
    fill(this.place, this.above(), box);
    showProblem(box, error);
  }

  /** Ask no more; an answer that is still to come is not shown. */
  close(): void {
    this.asked += 1;
    this.rest();
    this.hurry();
    this.place.hidden = true;
  }

  rest(): void {
    clearTimeout(this.timer);
  }

  /** Another stage has begun: ask soon again. */
  hurry(): void {
    this.pause = FIRST_PAUSE_MS;
  }

  /** Ask once more after a while, each time a longer one. */
  askAgain(path: string): void {
    this.rest();
    const mine = this.asked;
    this.timer = window.setTimeout(async () => {
      try {
        const item = await call<Item>(path);
        if (mine === this.asked) this.show(item);
      } catch (error) {
        if (mine !== this.asked) return;
        // The connection, or the service, may come back; the next question will tell.
        if (mayPass(toProblem(error))) this.askAgain(path);
        else this.showFault(error);
      }
    }, this.pause);
    this.pause = Math.min(this.pause * 1.25, LONGEST_PAUSE_MS);
  }
}

/** Whether a later question may be answered: nobody answered, or who did was hindered. */
function mayPass({ status }: Problem): boolean {
  return status === 0 || status === 429 || status >= 500;
}

/** The button that leads from one thing to the list of all. */
export function backButton(title: string, back: () => void): HTMLElement {
  const button = h(
    "button",
    { type: "button", class: "button is-plain back", id: "back" },
    icon("back"),
    title,
  );
  button.addEventListener("click", back);
  return button;
}

/** Why something that was ordered did not come about, and what can be done. */
export function failedBox(title: string, message: string, ...more: Child[]): HTMLElement {
  return h(
    "div",
    { class: "problem", role: "alert" },
    h("p", { class: "problem-title" }, icon("info"), title),
    h("p", { class: "problem-detail" }, message),
    ...more,
  );
}

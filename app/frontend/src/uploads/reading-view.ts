/** How a file was read: the evidence, the first rows, and the mapping to keep. */
import { language, t } from "../core/catalogue";
import { h } from "../core/dom";
import { more } from "../core/parts";
import { savingForm } from "./mapping-fields";
import { sampleFrame, sampleTable } from "./sample-table";
import type { Reading, Upload } from "./types";

export function readingView(upload: Upload, reading: Reading): HTMLElement {
  return more(
    t("reading.title"),
    h(
      "div",
      { class: "stack-tight" },
      h(
        "ul",
        { class: "bullets second" },
        ...reading.evidence.map((seen) => h("li", {}, seen[language()])),
      ),
      sampleFrame(sampleTable(reading.samples, reading.mapping)),
      savingForm(upload.layer, () => reading.mapping),
    ),
  );
}

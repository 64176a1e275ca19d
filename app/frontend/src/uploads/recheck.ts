/** Check an upload again, against the register as it stands now. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import type { Upload } from "./types";

export function recheckButton(upload: Upload, ordered: (upload: Upload) => void): HTMLElement {
  const fault = h("div", {});
  const button = h("button", { type: "button", class: "button" }, t("upload.recheck"));
  button.addEventListener("click", () => {
    void whileBusy(button, async () => {
      try {
        const path = `/uploads/${upload.id}/recheck`;
        ordered(await call<Upload>(path, { method: "POST" }));
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return h("div", { class: "stack-tight" }, h("div", { class: "button-row" }, button), fault);
}

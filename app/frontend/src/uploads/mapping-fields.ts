/** Which field of the file fills which attribute: proposed, corrected, kept by name. */
import { call } from "../core/api";
import { t } from "../core/catalogue";
import { h } from "../core/dom";
import { notify, showProblem, whileBusy } from "../core/feedback";
import { attributesOf } from "./attributes";
import type { FieldMapping, Proposal } from "./types";

/** Fields to choose, one an attribute; `readMapping` reads them. */
export function mappingFields(layer: string, proposal: Proposal): HTMLElement {
  const offered = fieldsOf(proposal);
  const rows = attributesOf(layer).map(({ name, title, required }) =>
    h(
      "label",
      { class: "field" },
      h("span", { class: "label" }, title, required && " *"),
      h(
        "select",
        { class: "input", "data-attribute": name },
        h("option", { value: "" }, t("mapping.no_field")),
        ...offered.map((field) =>
          h("option", { value: field, selected: proposal.mapping[name] === field }, field),
        ),
      ),
    ),
  );
  const part = h("div", { class: "stack-tight" }, h("div", { class: "ask-grid" }, ...rows));
  part.append(savingForm(layer, () => readMapping(part)));
  return part;
}

export function readMapping(part: HTMLElement): FieldMapping {
  const selects = part.querySelectorAll<HTMLSelectElement>("[data-attribute]");
  const chosen = Array.from(selects).filter((select) => select.value);
  return Object.fromEntries(
    chosen.map((select) => [select.dataset["attribute"]!, select.value]),
  );
}

function fieldsOf(proposal: Proposal): string[] {
  const seen = proposal.samples.flatMap((row) => Object.keys(row));
  return [...new Set([...seen, ...Object.values(proposal.mapping)])];
}

/** A name under which the office keeps the mapping for its next files. */
export function savingForm(layer: string, mapping: () => FieldMapping): HTMLElement {
  const fault = h("div", {});
  const name = h("input", {
    class: "input",
    type: "text",
    maxlength: 100,
    "aria-label": t("mapping.name"),
    placeholder: t("mapping.name"),
  });
  const button = h("button", { type: "button", class: "button" }, t("mapping.save"));
  button.addEventListener("click", () => {
    void whileBusy(button, async () => {
      try {
        const chosen = name.value.trim();
        if (!chosen) {
          name.focus();
          return;
        }
        const path = `/upload-mappings/${layer}/${encodeURIComponent(chosen)}`;
        await call(path, { method: "PUT", body: { mapping: mapping() } });
        notify(t("mapping.saved", { name: chosen }));
        fault.replaceChildren();
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return h("div", { class: "stack-tight" }, h("div", { class: "find-row" }, name, button), fault);
}

/** The papers of a step: one on file is cited, a new one is entered with the event. */
import { t, term } from "../core/catalogue";
import { h } from "../core/dom";
import { sendFile } from "../core/files";
import type { Paper, Step } from "./types";

/** The input of one paper; its file is sent when the value is asked for. */
export interface EnteredPaper {
  element: HTMLElement;
  value(): Promise<unknown>;
}

/** Make the inputs of every paper a step needs; files go to the plot's division. */
export function paperInputs(
  step: Step,
  papers: readonly Paper[],
  division: string,
): EnteredPaper[] {
  return step.documents.map((kinds, place) =>
    paperInput(
      kinds,
      step.documents_text[place] ?? "",
      step.outcomes[place] ?? null,
      papers.filter((one) => kinds.includes(one.document_type)),
      division,
      `${step.event}-paper-${place}`,
    ),
  );
}

function paperInput(
  kinds: readonly string[],
  title: string,
  outcome: string | null,
  onFile: readonly Paper[],
  division: string,
  id: string,
): EnteredPaper {
  const which = h(
    "select",
    { class: "input", id },
    ...kinds.map((kind) =>
      h(
        "option",
        { value: `new:${kind}` },
        t("plots.new_paper", { paper: term("document_type", kind) }),
      ),
    ),
    ...onFile.map((one) => h("option", { value: one.code }, one.code)),
  );
  const dated = h("input", { class: "input", type: "date", id: `${id}-dated` });
  const reviewed = h("input", { class: "input", type: "date", id: `${id}-reviewed` });
  const firm = h("input", { class: "input", type: "text", id: `${id}-firm`, maxlength: 200 });
  const file = h("input", { class: "input", type: "file", id: `${id}-file` });
  const own = h(
    "div",
    { class: "paper-own" },
    labelled(t("plots.dated_on"), dated),
    outcome && labelled(t("plots.reviewed_on"), reviewed),
    labelled(t("plots.firm"), firm),
    labelled(t("plots.file"), file),
  );
  which.addEventListener("change", () => {
    own.hidden = !which.value.startsWith("new:");
  });
  return {
    element: h(
      "fieldset",
      { class: "field paper" },
      h("legend", {}, title),
      h("label", { class: "spoken", for: id }, title),
      which,
      own,
    ),
    value: async () => {
      if (!which.value.startsWith("new:")) return which.value;
      const chosen = file.files?.[0];
      return {
        document_type: which.value.slice("new:".length),
        ...(dated.value ? { dated_on: dated.value } : {}),
        ...(chosen ? { file_id: await sendFile(chosen, division) } : {}),
        ...(firm.value.trim() ? { firm: firm.value.trim() } : {}),
        ...(outcome ? { review_outcome: outcome } : {}),
        ...(outcome && reviewed.value ? { reviewed_on: reviewed.value } : {}),
      };
    },
  };
}

function labelled(title: string, input: HTMLInputElement): HTMLElement {
  return h("div", { class: "field" }, h("label", { for: input.id }, title), input);
}

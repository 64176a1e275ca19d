/** What became of an upload that left the desk: committed, taken back, withdrawn. */
import { call, download, keyPerBody } from "../core/api";
import { t, term } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { saveButton } from "../core/files";
import { count, moment } from "../core/format";
import { chip } from "../core/parts";
import type { AffectedDecision, RegisterChange, Upload } from "./types";

type Ordered = (upload: Upload) => void;

export function outcomeOf(upload: Upload, ordered: Ordered): HTMLElement {
  return h(
    "div",
    { class: "stack" },
    statement(upload),
    affected(upload.affected_decisions ?? []),
    upload.state === "committed" && revertForm(upload, ordered),
  );
}

function statement(upload: Upload): HTMLElement {
  const { acceptance } = upload;
  const tone = upload.state === "committed" ? "allow" : null;
  const reason = acceptance?.["reason"];
  return h(
    "section",
    { class: "notice-box stack-tight", "data-tone": tone },
    h("h3", {}, term("upload_state", upload.state)),
    h("p", {}, term("upload_state_means", upload.state)),
    changeLine("outcome_of.change", upload.change),
    changeLine("outcome_of.revert_change", upload.revert_change),
    typeof reason === "string" && h("p", {}, t("outcome_of.reason", { reason })),
    Number(acceptance?.["rows_set_aside"] ?? 0) > 0 && setAside(upload),
  );
}

function changeLine(
  key: "outcome_of.change" | "outcome_of.revert_change",
  change: RegisterChange | null,
): Child {
  return (
    change &&
    h("p", {}, t(key, { number: count(change.number), time: moment(change.recorded_at) }))
  );
}

/** Rows that stayed out are kept and can be taken away for repair. */
function setAside(upload: Upload): HTMLElement {
  const formats: [string, string][] = [
    ["gpkg", "GeoPackage"],
    ["geojson", "GeoJSON"],
    ["csv", "CSV"],
  ];
  const stem = upload.filename.replace(/\.[^.]*$/, "");
  const buttons = formats.map(([format, name]) => {
    const path = `/uploads/${upload.id}/set-aside?format=${format}`;
    const file = `${t("outcome_of.set_aside_file", { name: stem })}.${format}`;
    return saveButton(name, () => download(path, file), "button is-plain");
  });
  return h("div", { class: "find-more" }, h("span", {}, t("outcome_of.set_aside")), ...buttons);
}

/** Decisions that did not see what this upload changed. */
function affected(decisions: readonly AffectedDecision[]): Child {
  if (decisions.length === 0) return null;
  const lines = decisions.map((decision) =>
    h(
      "li",
      { class: "upload-line" },
      h("a", { href: `/?decision=${decision.id}` }, decision.certificate_number),
      chip("outcome", decision.outcome),
    ),
  );
  return h(
    "section",
    { class: "card stack-tight" },
    h("h3", {}, t("outcome_of.affected", { count: count(decisions.length) })),
    h("p", { class: "second" }, t("outcome_of.affected_hint")),
    h("ul", { class: "stack-tight" }, ...lines),
  );
}

function revertForm(upload: Upload, ordered: Ordered): HTMLElement {
  const fault = h("div", {});
  const reason = h("textarea", {
    class: "input is-short",
    id: "revert-reason",
    maxlength: 500,
    required: true,
  });
  const button = h("button", { class: "button", id: "revert-button" }, t("revert.button"));
  const keyOf = keyPerBody();
  const form = h(
    "form",
    { class: "stack-tight", id: "revert" },
    h("p", { class: "second" }, t("revert.lead")),
    h("div", { class: "field" }, h("label", { for: "revert-reason" }, t("revert.reason")), reason),
    fault,
    h("div", { class: "button-row" }, button),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      try {
        const body = { reason: reason.value.trim() };
        const path = `/uploads/${upload.id}/revert`;
        ordered(await call<Upload>(path, { method: "POST", body, idempotencyKey: keyOf(body) }));
      } catch (error) {
        showProblem(fault, error);
      }
    });
  });
  return h("details", { class: "card more" }, h("summary", {}, t("revert.title")), form);
}

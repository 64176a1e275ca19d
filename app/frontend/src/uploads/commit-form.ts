/** Commit: errors are set aside or corrected, warnings accepted with a reason. */
import { call, keyPerBody } from "../core/api";
import { t } from "../core/catalogue";
import { h, type Child } from "../core/dom";
import { showProblem, whileBusy } from "../core/feedback";
import { count } from "../core/format";
import { Problem } from "../core/problem";
import { recheckButton } from "./recheck";
import type { Upload } from "./types";

type Ordered = (upload: Upload) => void;

export function commitForm(upload: Upload, ordered: Ordered): HTMLElement {
  const fault = h("div", {});
  const setAside = h("input", { type: "checkbox", id: "commit-set-aside" });
  const reason = h("textarea", {
    class: "input is-short",
    id: "commit-reason",
    maxlength: 500,
    required: upload.warnings > 0,
  });
  const button = h("button", { class: "button is-main", id: "commit-button" }, t("commit.button"));
  const keyOf = keyPerBody();
  const form = h(
    "form",
    { class: "card stack-tight", id: "commit", "aria-labelledby": "commit-title" },
    h("h3", { class: "heading", id: "commit-title" }, t("commit.title")),
    h("p", {}, lead(upload)),
    upload.errors > 0 && !noneLeft(upload) && setAsideField(upload, setAside),
    (upload.warnings > 0 || upload.errors > 0) && !noneLeft(upload) && reasonField(upload, reason),
    fault,
    h("div", { class: "button-row" }, button),
  );
  const follow = (): void => {
    button.disabled = upload.errors > 0 && !setAside.checked;
  };
  setAside.addEventListener("change", follow);
  follow();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void whileBusy(button, async () => {
      const stated = reason.value.trim();
      const body = { set_aside: setAside.checked, ...(stated ? { reason: stated } : {}) };
      try {
        const path = `/uploads/${upload.id}/commit`;
        ordered(await call<Upload>(path, { method: "POST", body, idempotencyKey: keyOf(body) }));
      } catch (error) {
        showProblem(fault, error);
        if (hasMoved(error)) fault.append(recheckButton(upload, ordered));
      }
    });
  });
  return form;
}

/** Whether the register changed since the check, which a new check answers. */
function hasMoved(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  const type = String(error.body["type"] ?? "");
  return type.endsWith("register-moved") || type.endsWith("staged-rows-lost");
}

/** Whether errors name every row, so that setting faulty rows aside leaves nothing. */
function noneLeft(upload: Upload): boolean {
  return upload.errors > 0 && upload.accepted_rows === 0;
}

function lead(upload: Upload): string {
  if (noneLeft(upload)) return t("commit.none_left", { errors: count(upload.errors) });
  const rows = count(upload.accepted_rows ?? 0);
  if (upload.errors === 0) return t("commit.ready", { rows });
  return t("commit.errors", { errors: count(upload.errors), rows });
}

function setAsideField(upload: Upload, box: HTMLInputElement): Child {
  const left = (upload.rows ?? 0) - (upload.accepted_rows ?? 0);
  return h(
    "div",
    { class: "field" },
    h("label", { class: "choice" }, box, t("commit.set_aside", { rows: count(left) })),
    h("p", { class: "hint" }, t("commit.set_aside_hint")),
  );
}

function reasonField(upload: Upload, field: HTMLElement): Child {
  const warned = upload.warnings > 0;
  return h(
    "div",
    { class: "field" },
    h(
      "label",
      { for: "commit-reason" },
      warned ? t("commit.reason", { warnings: count(upload.warnings) }) : t("commit.note"),
      " ",
      h("span", { class: "need" }, warned ? t("ask.required") : t("ask.optional")),
    ),
    field,
  );
}

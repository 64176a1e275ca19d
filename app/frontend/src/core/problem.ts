/** What went wrong, as an RFC 9457 problem document or told in its manner. */
import { t } from "./catalogue";

/** One fault of a request: where (JSON pointer or parameter) and what. */
export interface ProblemItem {
  where: string;
  message: string;
}

/** A refused or failed request, ready to be shown. */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly items: readonly ProblemItem[];
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>) {
    const title = text(body["title"]) || t("problem.unexpected");
    super(title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = text(body["detail"]);
    this.items = readItems(body["errors"]);
    this.body = body;
  }
}

/** Turn anything thrown into a problem; no answer at all says so. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) {
    return new Problem(0, {
      title: t("problem.no_answer"),
      detail: t("problem.no_answer_detail"),
    });
  }
  return new Problem(0, {
    title: t("problem.unexpected"),
    detail: error instanceof Error ? error.message : String(error),
  });
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Read `errors`: each fault with its place in the request and what is wrong. */
function readItems(errors: unknown): ProblemItem[] {
  if (!Array.isArray(errors)) return [];
  return errors.map((entry: unknown) => {
    if (typeof entry !== "object" || entry === null) {
      return { where: "", message: String(entry) };
    }
    const fault = entry as Record<string, unknown>;
    return {
      where: text(fault["pointer"]) || text(fault["parameter"]),
      message: text(fault["message"]),
    };
  });
}

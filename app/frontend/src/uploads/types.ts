/** What the service answers about uploads (OpenAPI at /openapi.json). */
import type { Geometry } from "geojson";
import type { Bounds } from "../geo/polygon";
import type { Outcome } from "../query/types";

export type UploadState =
  | "received"
  | "reading"
  | "needs_confirmation"
  | "checked"
  | "staged"
  | "committed"
  | "reverted"
  | "failed"
  | "withdrawn";

export type Severity = "error" | "warning" | "info";

/** Attribute (or `code`) → field of the file. */
export type FieldMapping = Readonly<Record<string, string>>;

export interface SavedMapping {
  layer: string;
  name: string;
  mapping: FieldMapping;
}

export type ProposalSubject = "crs" | "encoding" | "mapping" | "member";

/** Field of the file → text of one row. */
export type SampleRow = Readonly<Record<string, string | null>>;

/** Another value that is possible, with what tells it apart. */
export interface Alternative {
  value: string | number;
  bounds?: Bounds | null;
  samples?: readonly SampleRow[];
  rows?: number | null;
}

export interface Proposal {
  crs: number | null;
  encoding: string | null;
  mapping: FieldMapping;
  member: string | null;
  must_confirm: ProposalSubject[];
  evidence: { subject: ProposalSubject; kind: string; message: string }[];
  samples: SampleRow[];
  alternatives: Partial<Record<ProposalSubject, Alternative[]>>;
  bounds: Bounds | null;
}

/** How a file was read, with what spoke for it in both languages. */
export interface Reading {
  crs: number | null;
  encoding: string | null;
  mapping: FieldMapping;
  samples: SampleRow[];
  evidence: { subject: ProposalSubject; zh: string; en: string }[];
}

/** Why something was not done. */
export interface Told {
  reason: string;
  message: string;
}

export interface IssueCount {
  kind: string;
  severity: Severity;
  count: number;
}

export interface Issue {
  number: number;
  kind: string;
  severity: Severity;
  row: number | null;
  /** The other row that it speaks of. */
  other_row: number | null;
  field: string | null;
  value: string | null;
  geometry: Geometry | null;
  message: string;
  advice: string;
  details: Record<string, unknown>;
}

/** A row of the file as it is drawn on the map. */
export interface FileRow {
  row: number;
  code: string | null;
  drawn: "usable" | "as_sent" | "not_placed";
  note: string | null;
  geometry: Geometry | null;
}

export interface FileRowPage {
  items: FileRow[];
  next: number | null;
}

export interface IssuePage {
  counts: IssueCount[];
  items: Issue[];
  next: number | null;
}

export interface RegisterChange {
  number: number;
  recorded_at: string;
}

export interface Upload {
  id: string;
  state: UploadState;
  under_way: "examine" | "commit" | "revert" | null;
  layer: string;
  division_code: string;
  filename: string;
  sha256: string;
  size_bytes: number;
  actor: string;
  received_at: string;
  changed_at: string;
  declared: {
    valid_from: string;
    crs: number | null;
    encoding: string | null;
    mapping: FieldMapping | null;
    member: string | null;
    update: "partial" | "whole";
  };
  rows: number | null;
  accepted_rows: number | null;
  proposed: Proposal | null;
  issue_kinds: IssueCount[];
  errors: number;
  warnings: number;
  progress: Progress | null;
  facts: { reading?: Reading } | null;
  failure: Told | null;
  refusal: Told | null;
  acceptance: Record<string, unknown> | null;
  change: RegisterChange | null;
  revert_change: RegisterChange | null;
  affected_decisions: AffectedDecision[] | null;
}

/** How far reading and checking came. */
export interface Progress {
  step: "read" | "check" | "compare";
  rows: number;
  of: number | null;
  /** Check of the whole file under way, and how many are done. */
  check: string | null;
  checks_done: number;
  checks: number;
}

/** A decision that did not see what an upload changed. */
export interface AffectedDecision {
  id: string;
  certificate_number: string;
  outcome: Outcome;
  recorded_at: string;
  parcel_codes: string[];
}

export interface UploadPage {
  items: Upload[];
  next: string | null;
}

export type Fate =
  | "new"
  | "changed_geometry"
  | "changed_attributes"
  | "missing"
  | "split"
  | "merge"
  | "renumber"
  | "identical";

export interface DiffSummary {
  later: number;
  areas: Partial<
    Record<Fate, { count: number; area_before_m2: number; area_after_m2: number }>
  >;
}

export interface Difference {
  fate: Fate;
  row: number | null;
  code: string;
  predecessor_code: string | null;
  area_before_m2: number | null;
  area_after_m2: number | null;
  /** Names of the attributes that differ. */
  changed: string[];
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  geometry_before: Geometry | null;
  geometry: Geometry | null;
}

export interface DifferencePage {
  summary: DiffSummary | null;
  items: Difference[];
  next: number | null;
}

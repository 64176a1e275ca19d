/** What the service answers, as far as the query page reads it (OpenAPI at /openapi.json). */
import type { Origin } from "../core/parts";
import type { PolygonGeometry } from "../geo/polygon";

export interface Parcel {
  parcel_code: string;
  division_code: string;
  township_code: string | null;
  location: string | null;
  land_use_scheme: string | null;
  land_use_code: string | null;
  registered_area_m2: number | null;
  mapped_area_m2: number;
  valid_from: string;
  valid_to: string | null;
  recorded_at: string;
  source: string | null;
  geometry: PolygonGeometry;
}

export type ThemeStatus =
  | "concerned"
  | "imprecise"
  | "no_coverage"
  | "stale"
  | "clear";

export interface ExtractItem {
  feature: string | number;
  layer: string;
  code: string;
  name: string | null;
  category: string | null;
  relation: "on" | "sliver" | "adjoining" | "within" | "imprecise";
  area_m2: number;
  share: number;
  distance_m: number;
  /** What the distance to a thing known as a point was shortened by; else 0. */
  widened_by_m: number;
  source: string | null;
  data_date: string | null;
  origin: Origin | null;
}

export interface CoverageState {
  division_code: string;
  state: "covered" | "stale" | "no_coverage";
  data_date: string | null;
  part: boolean;
}

export interface BorderHit {
  relation: "on" | "adjoining" | "within";
  within_m: number | null;
  division_code: string;
}

export interface ThemeResult {
  theme: string;
  status: ThemeStatus;
  coverage: CoverageState[];
  area_m2: number;
  share: number;
  sliver_area_m2: number;
  items: ExtractItem[];
  border: BorderHit[];
  categories: { category: string; area_m2: number; share: number }[];
}

export interface Extract {
  subject: {
    mapped_area_m2: number;
    division_codes: string[];
    geometry: PolygonGeometry;
  };
  as_of: string;
  known_at: number;
  themes: ThemeResult[];
  distances: DistanceRow[];
}

/** A source as it lies to the subject, by one line of the distance table. */
export interface DistanceRow {
  layer: string;
  code: string;
  name: string | null;
  target: string;
  distance_m: number;
  widened_by_m: number;
  limit_m: number;
  inside: boolean;
  action: string;
  reason: string;
  certain: boolean;
}

export type Outcome =
  | "deny"
  | "require_investigation"
  | "insufficient_data"
  | "consult"
  | "allow_with_conditions"
  | "allow";

export interface LegalBasis {
  document: string;
  article: string | null;
  verification: string;
  verification_text: string;
  confidence: string;
}

export interface Evidence {
  theme: string;
  feature: string | null;
  relation: string;
  category: string | null;
  division_code: string | null;
  area_m2: number | null;
  share: number | null;
  distance_m: number | null;
  /** Only of a thing known as a point. */
  widened_by_m?: number | null;
}

/** A number, list or switch a finding rests on. */
export interface Parameter {
  id: string;
  value: string;
  unit: string;
  confidence: string;
  source: string;
}

/** Since when a rule holds, and how sure that day is. */
export interface InForce {
  from: string | null;
  to: string | null;
  confidence: string;
  source: string;
}

export interface Finding {
  rule: string;
  status: "matched" | "not_matched" | "unknown" | "not_applicable";
  /** Of a rule that matched. */
  outcome: Outcome | null;
  /** Of a rule that cannot be judged: what it would mean. */
  would_be?: Outcome;
  title: string;
  reason?: string;
  legal_basis?: LegalBasis[];
  /** Decisions recorded before rules told it have none. */
  in_force?: InForce | null;
  evidence?: Evidence[];
  required_documents?: string[];
  consult?: string[];
  lifts_when?: string | null;
  note?: string | null;
  parameters?: Parameter[];
}

/** What a department said to a decision that asked it. */
export interface Opinion {
  id: string;
  department: string;
  position: string;
  rules: string[];
  reason: string;
  conditions: string[];
  documents: string[];
  given_by: string;
  given_on: string;
  withdrawn_on: string | null;
  withdrawn_by: string | null;
  withdrawn_because: string | null;
}

/** An opinion kept where no decision can follow, as the land is no parcel any more. */
export interface OpinionKept {
  impossible: string;
}

export interface Decision {
  id: string;
  certificate_number: string;
  division_code: string;
  outcome: Outcome;
  transaction: string;
  subject: {
    parcel_codes: string[];
    division_codes: string[];
    mapped_area_m2: number;
  };
  planned_use: { scheme: string; code: string } | null;
  /** The case number of whoever asked. */
  reference: string | null;
  /** The decision it stands in the place of. */
  replaces: string | null;
  opinions: Opinion[];
  consultation: { department: string; rules: string[]; waiting: string[] }[];
  standing: {
    state: StandingState;
    events: StandingEvent[];
  } | null;
  findings: Finding[];
  missing_facts: { fact: string; effect: "blocks" | "warns"; reason: string }[];
  conditions: { text: string; required_documents: string[] }[];
  notes: string[];
  differences: { fact: string; recorded: string; declared: string }[];
  rule_set: { id: string; version: string; sha256: string };
  data_versions: { change: number };
  links: { self?: string; verify?: string; certificate?: string };
  as_of: string;
  recorded_at: string;
  valid_until: string | null;
  disclaimer: string;
}

/** A decision as a GeoJSON Feature: with the land as it was then. */
export interface RecordedDecision {
  geometry: PolygonGeometry;
  properties: Decision;
}

/** How a decision stands today. */
export type StandingState = "in_force" | "expired" | "affected" | "replaced" | "annulled";

/** What became of a decision. */
export interface StandingEvent {
  kind: string;
  happened_at: string;
  actor: string;
  reason: string | null;
  by_decision: string | null;
}

/** A decision as the history lists it. */
export interface DecisionSummary {
  id: string;
  certificate_number: string;
  transaction: string;
  outcome: Outcome;
  parcel_codes: string[];
  division_code: string;
  as_of: string;
  recorded_at: string;
  valid_until: string | null;
  actor: string;
  state: StandingState;
}

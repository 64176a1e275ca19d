/** What the service answers about screening runs. */
import type { Geometry } from "geojson";

export interface Choice {
  value: string;
  title: string;
}

export interface Field {
  name: string;
  title: string;
  type: "choice" | "choices" | "number" | "numbers" | "text" | "date" | "codes" | "division" | "yes_no" | "polygon";
  required: boolean;
  default: unknown;
  choices: Choice[];
  least: number;
  most: number;
  hint: string;
}

export interface Column {
  name: string;
  title: string;
  type: "text" | "number" | "integer" | "date" | "yes_no";
  unit: "m" | "m2" | "share" | "";
  words: string;
}

export interface Kind {
  kind: string;
  title: string;
  about: string;
  fields: Field[];
  columns: Column[];
}

export interface Covered {
  division_code: string;
  theme: string;
  state: "covered" | "partly" | "stale" | "no_coverage";
}

export interface Run {
  id: string;
  kind: string;
  title: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  progress: { done: number; of: number; rows: number } | null;
  parameters: Record<string, unknown>;
  as_of: string;
  data_versions: { change: number; rule_set: { id: string; version: string } } | null;
  summary: { rows: number; counts: Record<string, number>; coverage: Covered[] } | null;
  result_sha256: string | null;
  repeats: string | null;
  division_code: string;
  actor: string;
  ordered_at: string;
  failure: string | null;
}

export interface ResultRow {
  number: number;
  values: Record<string, string | number | boolean | null>;
  why: string;
  geometry: Geometry | null;
}

export interface ResultPage {
  columns: Column[];
  items: ResultRow[];
  next: number | null;
}

export interface RunPage {
  items: Run[];
  next: string | null;
}

/** Indicators as the service tells them. */
export interface Figure {
  numerator: number;
  denominator: number;
  open: number;
  undetermined: number;
  rate: number | null;
  at_least: number | null;
  at_most: number | null;
  firm: boolean;
}

export interface Target {
  document: string;
  clause: string;
  /** Snapshots that were kept earlier have document and clause alone. */
  source_text?: string;
  comparison: string;
  comparison_text: string;
  value: number | null;
  unit: string;
  due_on: string | null;
  verdict: string;
  verdict_text: string;
  note: string;
}

export interface Place extends Figure {
  division_code: string;
  township_code: string | null;
}

export interface Rate extends Figure {
  name: string;
  title: string;
  unit: "m2" | "count";
  targets: Target[];
  counties: Place[];
  townships: Place[];
}

export interface Amount {
  name: string;
  title: string;
  area_m2: number;
  area_wan_mu: number;
  targets: Target[];
}

export interface CategoryArea {
  division_code: string;
  township_code: string | null;
  category: string;
  area_m2: number;
}

export interface Fall {
  division_code: string;
  effective_on: string;
  before_m2: number;
  after_m2: number;
  restricted: boolean | null;
}

export interface Indicators {
  division_code: string;
  period: string;
  period_kind: string;
  as_of: string;
  change: number;
  rates: Rate[];
  amounts: Amount[];
  categories: CategoryArea[];
  warnings: Fall[];
  stray_measures: string[];
  names: Record<string, string>;
}

export interface Measure {
  measure_text: string;
  responsible_person: string | null;
  evidence: string | null;
}

export interface Row {
  division_code: string;
  township_code: string | null;
  code: string;
  total: number;
  counted: number;
  undetermined: number;
  state: string;
  state_text: string;
  why: string;
  name?: string | null;
  problem?: string;
  measures?: Measure[];
}

export interface Snapshot {
  id: string;
  period: string;
  period_kind: string;
  revision: number;
  as_of: string;
  actor: string;
  recorded_at: string;
  headline: { rates: Record<string, { rate: number | null }> };
}

/** From which day approvals of a county were limited, or free again. */
export interface Restriction {
  division_code: string;
  name: string | null;
  restricted: boolean;
  on: string;
  reason: string | null;
  actor: string;
  recorded_at: string;
}

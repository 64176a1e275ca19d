/** Plots as the service answers them. */

export interface Basis {
  document: string;
  article: string;
  verification: "verified" | "recalled" | "design_choice";
  verification_text: string;
}

export interface Plot {
  plot_code: string;
  division_code: string;
  name: string | null;
  stage: string;
  held: boolean | null;
  address: string | null;
  local_code: string | null;
  national_code: string | null;
  source_system: string | null;
  source_id: string | null;
  synced_on: string | null;
  bound_east: string | null;
  bound_south: string | null;
  bound_west: string | null;
  bound_north: string | null;
  former_enterprise: string | null;
  former_industries: string[] | null;
  current_use_scheme: string | null;
  current_use_code: string | null;
  planned_use_scheme: string | null;
  planned_use_code: string | null;
  pollutants: string[] | null;
  groundwater_polluted: boolean | null;
  risk_grade: string | null;
  evaluated_class: string | null;
  negative_list: string[] | null;
  mapped_area_m2: number | null;
  stated_area_m2: number | null;
  accuracy_m: number | null;
  required_activity_due_on: string | null;
  required_activity_done_on: string | null;
  entry_list: string | null;
  entry_batch: string | null;
  entry_source: string | null;
  entry_published_on: string | null;
  published_fields: string[] | null;
  published_on: string | null;
  valid_from: string;
  recorded_at: string;
  source: string;
}

/** One fact of an inventory; `withheld` is told to roles that may not read it. */
export interface InventoryFact {
  name: string;
  title: string;
  state: "on_record" | "missing" | "withheld";
  texts: string[];
}

export interface Inventory {
  name: string;
  title: string;
  on_record: number;
  asked: number;
  facts: InventoryFact[];
}

export interface Inventories {
  inventories: Inventory[];
}

/** Of how many plots each fact is on record; null where the role may not read it. */
export interface DivisionInventories {
  plots: number;
  inventories: { title: string; facts: { title: string; on_record: number | null }[] }[];
}

export interface Membership {
  list: string;
  batch: string | null;
  source_document: string | null;
  entered_on: string;
  left_on: string | null;
}

export interface RegisterEntry extends Membership {
  plot_code: string;
  division_code: string;
  plot: Plot | null;
}

export interface Paper {
  code: string;
  document_type: string;
  firm: string | null;
  dated_on: string | null;
  reviewed_on: string | null;
  filed_ee_on: string | null;
  filed_nr_on: string | null;
  filed_hc_on: string | null;
  review_outcome: string | null;
  firm_on_negative_list: boolean | null;
  file_id: string | null;
}

export interface Pollutant {
  code: string;
  analyte_text: string;
  medium: string;
  maximum: number | null;
  screening_value: number | null;
  intervention_value: number | null;
  unit: string;
  depth_from_m: number | null;
  depth_to_m: number | null;
}

export interface Dossier {
  lists: Membership[];
  documents: Paper[];
  pollutants: Pollutant[];
}

export interface PlotEvent {
  code: string;
  plot_code: string;
  title: string;
  step: string | null;
  from_stage: string | null;
  to_stage: string | null;
  on: string;
  recorded_at: string;
  source: string;
  documents: string[];
  related_codes: string[];
  note: string | null;
  basis: Basis[];
}

export interface DetailField {
  name: string;
  title: string;
  kind: "text" | "long_text" | "date" | "boolean" | "choice" | "choices" | "texts";
  options: string[];
  option_titles: string[];
  required: boolean;
}

export interface Step {
  event: string;
  step: string;
  title: string;
  to_stage: string;
  documents: string[][];
  documents_text: string[];
  outcomes: (string | null)[];
  conditions: { guard: string; text: string; details: string[]; basis: Basis[] }[];
  fields: DetailField[];
  actor: string;
  level: string;
  may_record: boolean;
  deadlines: string[];
  basis: Basis[];
}

export interface NextSteps {
  stage: string;
  held: boolean;
  lists: string[];
  disagreements: string[];
  steps: Step[];
}

export interface Party {
  land_user: string | null;
  liable_party: string | null;
  contact: string | null;
}

/** A correction that one person proposed and another decides on. */
export interface Correction {
  code: string;
  correction: string;
  approved_by_event: string;
  wrong_event: string | null;
  wrong_document: string | null;
  wrong_field: string | null;
  wrong_field_text: string | null;
  right_value: string | null;
  reason: string;
  on: string;
  proposed_by: string;
  state: "proposed" | "approved" | "refused";
  decided_by: string | null;
  decided_at: string | null;
  decision_reason: string | null;
}

/** What a plot touches, or a receptor near it. */
export interface Touched {
  theme: string;
  code: string;
  name: string | null;
  category: string | null;
  text: string;
  area_m2: number;
  decision: { id: string; state: string } | null;
}

/** Tasks as the service tells them. */
export interface Basis {
  document: string;
  article: string;
  verification_text: string;
}

export interface Subject {
  theme: string;
  code: string;
}

export interface Task {
  id: string;
  kind: string;
  kind_text: string;
  title: string;
  facts: Record<string, string>;
  division_code: string;
  bureau: string;
  bureau_text: string;
  subject: Subject | null;
  decision_id: string | null;
  state: string;
  state_text: string;
  late: boolean;
  person: string | null;
  due_on: string | null;
  due_text: string | null;
  basis: Basis[];
}

export interface TaskStep {
  step: string;
  step_text: string;
  person: string | null;
  note: string | null;
  documents: string[];
  due_on: string | null;
  actor: string;
  happened_at: string;
}

export interface TaskWithSteps extends Task {
  steps: TaskStep[];
}

export interface LateCount {
  division_code: string;
  bureau: string;
  bureau_text: string;
  late: number;
  earliest_due_on: string;
}

export interface TaskStepRequest {
  step: string;
  person?: string;
  note?: string;
  documents?: string[];
}

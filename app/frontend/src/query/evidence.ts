/** What a finding rests on, fetched from the register as it was at the decision. */
import type { Geometry } from "geojson";
import { call } from "../core/api";
import { t, term, word } from "../core/catalogue";
import { notify } from "../core/feedback";
import { toProblem } from "../core/problem";
import type { Mark } from "../map/marks";
import type { MapView } from "../map/view";
import type { Decision, Evidence } from "./types";

/** Show a piece of evidence on the map. */
export type Locate = (evidence: Evidence) => void;

/** More pieces than this are drawn only when they are asked for. */
const DRAWN_AT_ONCE = 30;

/** Themes that are a layer of their own; every other is a restriction area. */
const LAYER_PATHS: Record<string, string> = {
  plot: "plots",
  farmland_unit: "farmland-units",
  enterprise: "enterprises",
  facility: "facilities",
  receptor: "receptors",
  water_source: "water-sources",
  water_zone: "water-zones",
  former_use: "former-uses",
  river: "rivers",
};
const AREAS = "restriction-areas";

/** A paper of a plot: its class is its type. */
const PAPER = "plot_document";

/** Themes whose objects have no shape of their own. */
const WITHOUT_SHAPE = new Set(["key_unit", PAPER]);

/** Whether the register can be asked where it is: a neighbour's feature has no code. */
export function canBeLocated(evidence: Evidence): boolean {
  return Boolean(evidence.feature) && !WITHOUT_SHAPE.has(evidence.theme);
}

/** The class of a piece in words; "" where it has none. */
export function categoryText({ theme, category }: Evidence): string {
  if (!category) return "";
  return theme === PAPER ? term("document_type", category) : word("category", category);
}

/** The evidence of one decision on the map: drawn with it, pointed at from its list. */
export class EvidenceOnMap {
  private readonly marks = new Map<string, Mark>();

  constructor(
    private readonly map: MapView,
    private readonly decision: Decision,
  ) {}

  /** Draw what the matched rules rest on; what cannot be had stays in the list alone. */
  async draw(): Promise<void> {
    const found = this.decision.findings
      .filter((finding) => finding.status === "matched")
      .flatMap((finding) => finding.evidence ?? [])
      .filter(canBeLocated)
      .slice(0, DRAWN_AT_ONCE);
    await Promise.allSettled(found.map((evidence) => this.add(evidence)));
    this.map.showMarks([...this.marks.values()]);
  }

  /** Move to one piece and ring it; say so when it has no place. */
  async locate(evidence: Evidence): Promise<void> {
    try {
      const mark = await this.add(evidence);
      if (!mark) {
        notify(t("finding.no_place"));
        return;
      }
      this.map.showMarks([...this.marks.values()]);
      this.map.pointMark(mark.id);
      this.map.flyTo(mark.geometry);
    } catch (error) {
      const { title, detail } = toProblem(error);
      notify([title, detail].filter(Boolean).join(" "));
    }
  }

  private async add(evidence: Evidence): Promise<Mark | null> {
    const id = `${evidence.theme}/${evidence.feature}`;
    const known = this.marks.get(id);
    if (known) return known;
    const geometry = await evidenceShape(this.decision, evidence);
    if (!geometry) return null;
    const mark: Mark = { id, tone: "evidence", geometry };
    this.marks.set(id, mark);
    return mark;
  }
}

/** Fetch the shape the decision saw; `null` when the object is known without one. */
export async function evidenceShape(
  decision: Decision,
  evidence: Evidence,
): Promise<Geometry | null> {
  const path = LAYER_PATHS[evidence.theme] ?? AREAS;
  const query = new URLSearchParams({
    as_of: decision.as_of,
    known_at: String(decision.data_versions.change),
  });
  if (evidence.division_code) query.set("division", evidence.division_code);
  const code = encodeURIComponent(evidence.feature ?? "");
  const found = await call<{ geometry: Geometry | null }>(`/${path}/${code}?${query}`);
  return found.geometry;
}

/** The bar below the map while a polygon is drawn: how large it is, and its buttons. */
import { t } from "../core/catalogue";
import { byId } from "../core/dom";
import { areaM2, areaMu, count } from "../core/format";
import { ringAreaM2 } from "../geo/area";
import type { LonLat } from "../geo/polygon";
import type { Drawing } from "./draw";
import type { MapView } from "./view";

export interface DrawUse {
  finished(corners: readonly LonLat[]): void;
  /** Drawing began or ended. */
  active(now: boolean): void;
}

/** Wire the bar; return a function that begins a drawing unless one is under way. */
export function wireDrawBar(map: () => MapView | null): (use: DrawUse) => void {
  const bar = byId("draw-bar");
  let drawing: Drawing | null = null;
  byId("draw-undo").addEventListener("click", () => drawing?.undo());
  byId("draw-finish").addEventListener("click", () => drawing?.finish());
  byId("draw-cancel").addEventListener("click", () => drawing?.cancel());
  return (use) => {
    const view = map();
    if (!view || drawing) return;
    const end = (): void => {
      drawing = null;
      bar.hidden = true;
      use.active(false);
    };
    bar.hidden = false;
    use.active(true);
    bar.scrollIntoView({ block: "nearest" });
    drawing = view.draw({
      changed: showProgress,
      finished(corners) {
        end();
        use.finished(corners);
      },
      cancelled: end,
    });
  };
}

/** Corners and area of a drawing in words. */
export function sizeOf(corners: readonly LonLat[]): string {
  const area = ringAreaM2(corners);
  return corners.length < 3
    ? t("draw.corners", { count: count(corners.length) })
    : t("draw.area", { count: count(corners.length), m2: areaM2(area), mu: areaMu(area) });
}

function showProgress(corners: readonly LonLat[]): void {
  byId("draw-state").textContent = sizeOf(corners);
  byId<HTMLButtonElement>("draw-finish").disabled = corners.length < 3;
  byId<HTMLButtonElement>("draw-undo").disabled = corners.length === 0;
}

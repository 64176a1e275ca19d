/** The two ways to give a polygon: drawing on the map, typing coordinates. */
import { t } from "../core/catalogue";
import { byId, h } from "../core/dom";
import { problemBox } from "../core/feedback";
import { Problem } from "../core/problem";
import { MERIDIANS, meridianNear } from "../geo/plane";
import {
  type AskedPolygon,
  formatCorners,
  type LonLat,
  PolygonTextError,
  toPolygon,
} from "../geo/polygon";
import { type Frame, parsePolygonText } from "../geo/polygon-text";
import { wireDrawBar } from "../map/draw-bar";
import type { MapView } from "../map/view";

type UsePolygon = (polygon: AskedPolygon) => void;

/** Wire the drawing bar; `map` is null while the map is not there. */
export function wireDrawing(map: () => MapView | null, use: UsePolygon): void {
  const begin = wireDrawBar(map);
  const button = byId("draw-start");
  button.addEventListener("click", () =>
    begin({
      active: (now) => button.setAttribute("aria-pressed", String(now)),
      finished(corners) {
        keepAsText(corners);
        use({ geometry: toPolygon(corners) });
      },
    }),
  );
}

/** What was drawn can be read and corrected in the coordinate dialog. */
function keepAsText(corners: readonly LonLat[]): void {
  const system = byId<HTMLSelectElement>("coordinates-system");
  system.value = "degrees";
  system.dispatchEvent(new Event("change"));
  byId<HTMLTextAreaElement>("coordinates").value = formatCorners(corners);
}

/** Wire the dialog in which coordinates are typed or pasted. */
export function wireCoordinates(longitude: number, use: UsePolygon): void {
  const dialog = byId<HTMLDialogElement>("coordinates-dialog");
  const field = byId<HTMLTextAreaElement>("coordinates");
  const fault = byId("coordinates-problem");
  wireSystem(meridianNear(longitude));
  byId("coordinates-open").addEventListener("click", () => {
    fault.replaceChildren();
    dialog.showModal();
  });
  byId("coordinates-cancel").addEventListener("click", () => dialog.close());
  byId("coordinates-form").addEventListener("submit", (event) => {
    event.preventDefault();
    try {
      const polygon = parsePolygonText(field.value, chosenFrame());
      field.removeAttribute("aria-invalid");
      dialog.close();
      use(polygon);
    } catch (error) {
      if (!(error instanceof PolygonTextError)) throw error;
      field.setAttribute("aria-invalid", "true");
      fault.replaceChildren(h("div", {}, textProblem(error)));
    }
  });
}

/** Offer the meridians, the division's own first at hand, where metres are typed. */
function wireSystem(own: number): void {
  const system = byId<HTMLSelectElement>("coordinates-system");
  const meridians = MERIDIANS.map((degrees) =>
    h("option", { value: degrees, selected: degrees === own }, `${degrees}° E`),
  );
  byId("coordinates-meridian").append(...meridians);
  system.addEventListener("change", () => {
    byId("coordinates-meridian-field").hidden = system.value !== "metres";
  });
}

function chosenFrame(): Frame {
  if (byId<HTMLSelectElement>("coordinates-system").value === "degrees") return "degrees";
  const meridian = byId<HTMLSelectElement>("coordinates-meridian").value;
  return { meridian: meridian ? Number(meridian) : null };
}

function textProblem(error: PolygonTextError): HTMLElement {
  return problemBox(
    new Problem(0, { title: t("polygon.unreadable"), detail: error.message }),
  );
}

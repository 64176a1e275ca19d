/** The map of a page with its tools, or a line that says it cannot be shown. */
import { byId } from "../core/dom";
import type { Bounds } from "../geo/polygon";
import { MapView, type PickParcel } from "./view";

/** Where the map of this page begins. */
export function homeBounds(): Bounds {
  return JSON.parse(byId("map").dataset["bounds"] ?? "[]") as Bounds;
}

/** Open the map; `null` where the browser cannot draw one. */
export async function openMap(pickParcel: PickParcel = () => {}): Promise<MapView | null> {
  try {
    const opened = await MapView.open(byId("map"), homeBounds(), pickParcel);
    byId("map-in").addEventListener("click", () => opened.zoomBy(1));
    byId("map-out").addEventListener("click", () => opened.zoomBy(-1));
    byId("map-home").addEventListener("click", () => opened.goHome());
    return opened;
  } catch {
    byId("map-missing").hidden = false;
    return null;
  }
}

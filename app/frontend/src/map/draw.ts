/**
 * Draw one polygon: click corners; double-click, Enter or the first corner closes;
 * Backspace takes the last corner back; Esc gives up.
 */
import type { Feature, Geometry } from "geojson";
import type { GeoJSONSource, Map as MapLibre, MapMouseEvent } from "maplibre-gl";
import type { LonLat } from "../geo/polygon";

/** Pixels within which a click counts as a click on the first corner. */
const CLOSE_RADIUS_PX = 10;

export interface DrawCallbacks {
  /** The corners so far, after each change. */
  changed(corners: readonly LonLat[]): void;
  /** Closed with at least three corners. */
  finished(corners: readonly LonLat[]): void;
  cancelled(): void;
}

/** Commands for the buttons beside the map. */
export interface Drawing {
  undo(): void;
  finish(): void;
  cancel(): void;
}

/** Start drawing on the map; it ends by itself through one of the callbacks. */
export function startDrawing(map: MapLibre, callbacks: DrawCallbacks): Drawing {
  const corners: LonLat[] = [];
  let pointer: LonLat | null = null;
  const canvas = map.getCanvas();

  const show = (): void => {
    const shown = pointer && corners.length > 0 ? [...corners, pointer] : corners;
    setDrawing(map, shown, corners);
  };
  const changed = (): void => {
    show();
    callbacks.changed(corners);
  };
  const stop = (): void => {
    map.off("click", onClick);
    map.off("dblclick", onDoubleClick);
    map.off("mousemove", onMove);
    document.removeEventListener("keydown", onKey);
    map.doubleClickZoom.enable();
    canvas.classList.remove("is-drawing");
    setDrawing(map, [], []);
  };
  const drawing: Drawing = {
    undo() {
      corners.pop();
      changed();
    },
    finish() {
      if (corners.length < 3) return;
      stop();
      callbacks.finished(corners);
    },
    cancel() {
      stop();
      callbacks.cancelled();
    },
  };
  const onClick = (event: MapMouseEvent): void => {
    if (corners.length >= 3 && isNear(map, event, corners[0]!)) {
      drawing.finish();
      return;
    }
    // The second click of a double-click lands on the corner just set.
    const last = corners[corners.length - 1];
    if (last && isNear(map, event, last, 2)) return;
    corners.push([event.lngLat.lng, event.lngLat.lat]);
    changed();
  };
  const onDoubleClick = (event: MapMouseEvent): void => {
    event.preventDefault();
    drawing.finish();
  };
  const onMove = (event: MapMouseEvent): void => {
    pointer = [event.lngLat.lng, event.lngLat.lat];
    show();
  };
  const onKey = (event: KeyboardEvent): void => {
    const command = KEYS[event.key];
    if (!command || isTyping(event)) return;
    event.preventDefault();
    drawing[command]();
  };

  map.doubleClickZoom.disable();
  map.on("click", onClick);
  map.on("dblclick", onDoubleClick);
  map.on("mousemove", onMove);
  document.addEventListener("keydown", onKey);
  canvas.classList.add("is-drawing");
  changed();
  return drawing;
}

const KEYS: Record<string, keyof Drawing> = {
  Enter: "finish",
  Escape: "cancel",
  Backspace: "undo",
};

/** Whether the key belongs to a field or button rather than to the drawing. */
function isTyping(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (event.key === "Escape") return false;
  return Boolean(target?.closest("input, textarea, select, button, a"));
}

function isNear(
  map: MapLibre,
  event: MapMouseEvent,
  corner: LonLat,
  radius = CLOSE_RADIUS_PX,
): boolean {
  const place = map.project([corner[0], corner[1]]);
  return Math.hypot(place.x - event.point.x, place.y - event.point.y) <= radius;
}

/** Put the drawing on the map: its shape (with the pointer) and its corners. */
function setDrawing(
  map: MapLibre,
  shape: readonly LonLat[],
  corners: readonly LonLat[],
): void {
  const features: Feature[] = corners.map((corner) =>
    feature({ type: "Point", coordinates: [...corner] }),
  );
  const ring = shape.map((corner) => [...corner]);
  if (ring.length === 2) {
    features.push(feature({ type: "LineString", coordinates: ring }));
  } else if (ring.length > 2) {
    features.push(
      feature({ type: "Polygon", coordinates: [[...ring, [...ring[0]!]]] }),
    );
  }
  const source = map.getSource("drawing") as GeoJSONSource;
  source.setData({ type: "FeatureCollection", features });
}

function feature(geometry: Geometry): Feature {
  return { type: "Feature", properties: {}, geometry };
}

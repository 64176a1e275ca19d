/** The map of the query page: one object that the page talks to. */
import type { Geometry, Polygon } from "geojson";
import type {
  GeoJSONSource,
  Map as MapLibre,
  MapGeoJSONFeature,
  MapMouseEvent,
} from "maplibre-gl";
import { language, t } from "../core/catalogue";
import { byId } from "../core/dom";
import { allowOwnWorkers } from "../core/trusted";
import type { Bounds, LonLat, PolygonGeometry } from "../geo/polygon";
import { boundsOf } from "../geo/polygon";
import { startDrawing, type DrawCallbacks, type Drawing } from "./draw";
import { buildLegend, type ColourKey, explainSurface } from "./legend";
import { type DrawnRow, setFileRows } from "./file-rows";
import { boundsOfMarks, type Mark, MARK_LAYERS, pointMark, setMarks } from "./marks";
import { showUnderPointer } from "./pointer-info";
import { roomBeside } from "./room";
import { buildStyle } from "./style";
import { setSurface, type SurfaceStep } from "./surface";
import { addImages } from "./symbols";

/** File name of the map library's worker, put in by the build. */
declare const MAP_WORKER_FILE: string;

/** Layers that answer to the pointer, most telling first. */
const POINTABLE = [
  "plot-point",
  "plot-spot",
  "plot",
  "enterprise-symbol",
  "enterprise",
  "facility-symbol",
  "facility",
  "receptor-symbol",
  "receptor",
  "water_zone",
  "ecological_redline",
  "permanent_basic_farmland",
  "farmland_unit",
  "parcel",
  "township",
];

const MOTION_MS = 600;
/** Ground left free around what the map moves to. */
const MARGIN_PX = 72;

/** Called with what is seen of the ground, and how near. */
type Moved = (seen: Bounds, zoom: number) => void;

/** Called when an officer clicks a parcel. */
export type PickParcel = (code: string) => void;

export class MapView {
  private drawing: Drawing | null = null;
  private pickMark: ((id: string) => void) | null = null;
  private moved: Moved | null = null;

  private constructor(
    private readonly map: MapLibre,
    readonly home: Bounds,
    private readonly pickParcel: PickParcel,
  ) {}

  /** Load the map library and draw the map into `container`. */
  static async open(
    container: HTMLElement,
    home: Bounds,
    pickParcel: PickParcel,
  ): Promise<MapView> {
    allowOwnWorkers();
    const maplibre = await import("maplibre-gl");
    maplibre.setWorkerUrl(new URL(MAP_WORKER_FILE, import.meta.url).href);
    const map = new maplibre.Map({
      container,
      style: buildStyle(location.origin, language(), "tiles" in container.dataset),
      bounds: home,
      fitBoundsOptions: { padding: 32 },
      minZoom: 3,
      maxZoom: 22,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      locale: { "Map.Title": t("map.title") },
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibre.ScaleControl({ maxWidth: 120 }), "bottom-right");
    map.once("style.load", () => addImages(map));
    const view = new MapView(map, home, pickParcel);
    buildLegend((layers, visible) => view.setVisible(layers, visible));
    await map.once("load");
    view.listen();
    view.tellState(container);
    return view;
  }

  /** Outline what was asked about and move to it. */
  showSubject(geometry: PolygonGeometry): void {
    this.subjectSource().setData({
      type: "Feature",
      properties: {},
      geometry: geometry as unknown as Polygon,
    });
    this.moveTo(boundsOf(geometry));
  }

  clearSubject(): void {
    this.subjectSource().setData({ type: "FeatureCollection", features: [] });
  }

  /** Outline the feature of that code in a tile layer; `null` outlines none. */
  highlight(layer: string, code: string | null): void {
    const id = `${layer}-highlight`;
    if (!this.map.getLayer(id)) return;
    this.map.setFilter(id, ["==", ["get", "code"], code ?? ""]);
  }

  /** Draw these marks and no others; `seen` also moves the map to them. */
  showMarks(marks: readonly Mark[], seen = false): void {
    setMarks(this.map, marks);
    const bounds = boundsOfMarks(marks);
    if (seen && bounds) this.moveTo(bounds);
  }

  /** Draw these rows of a survey file and no others. */
  showFileRows(rows: readonly DrawnRow[]): void {
    setFileRows(this.map, rows);
  }

  /** Called with what is seen, now and after each move; `null` ends it and what it drew. */
  onMoved(told: Moved | null): void {
    this.moved = told;
    if (told) this.tellMoved();
    else setFileRows(this.map, []);
  }

  /** Tell what is seen as if the map had moved. */
  tellMoved(): void {
    const [[west, south], [east, north]] = this.map.getBounds().toArray();
    this.moved?.([west, south, east, north], this.map.getZoom());
  }

  /** Draw the steps of an interpolated surface, explain them and move there; none clears it. */
  showSurface(steps: readonly SurfaceStep[], title = "", keys: readonly ColourKey[] = []): void {
    setSurface(this.map, steps);
    explainSurface(title, keys);
    this.flyTo(...steps.map((step) => step.geometry));
  }

  /** Ring the mark of that id, or none. */
  pointMark(id: string | null): void {
    pointMark(this.map, id);
  }

  /** Called with the id of a mark that is clicked. */
  onMark(picked: (id: string) => void): void {
    this.pickMark = picked;
  }

  /** Move so that these are seen together. */
  flyTo(...geometries: readonly Geometry[]): void {
    const marks = geometries.map((geometry) => ({ id: "", tone: "info" as const, geometry }));
    const bounds = boundsOfMarks(marks);
    if (bounds) this.moveTo(bounds);
  }

  /** Move so near that a fault of a few centimetres is seen, with some ground around. */
  flyNear(geometry: Geometry): void {
    const bounds = boundsOfMarks([{ id: "", tone: "info", geometry }]);
    if (bounds) this.moveTo(bounds, geometry.type === "Point" ? 19 : 21);
  }

  /** Fetch the register's tiles again: it has changed. */
  refresh(): void {
    for (const [id, source] of Object.entries(this.map.getStyle().sources)) {
      if (source.type === "vector") this.map.refreshTiles(id);
    }
  }

  zoomBy(steps: number): void {
    this.map.zoomTo(this.map.getZoom() + steps, { duration: this.motion() / 2 });
  }

  goHome(): void {
    this.map.fitBounds(this.home, { padding: 32, duration: this.motion() });
  }

  /** Let the officer draw a polygon; an unfinished drawing is given up. */
  draw(callbacks: DrawCallbacks): Drawing {
    this.drawing?.cancel();
    const ended = (): void => {
      this.drawing = null;
    };
    this.drawing = startDrawing(this.map, {
      changed: (corners: readonly LonLat[]) => callbacks.changed(corners),
      finished: (corners: readonly LonLat[]) => {
        ended();
        callbacks.finished(corners);
      },
      cancelled: () => {
        ended();
        callbacks.cancelled();
      },
    });
    return this.drawing;
  }

  private subjectSource(): GeoJSONSource {
    return this.map.getSource("subject") as GeoJSONSource;
  }

  private moveTo(bounds: Bounds, maxZoom = 17): void {
    const frame = this.map.getContainer().getBoundingClientRect();
    const padding = roomBeside(frame, byId("legend").getBoundingClientRect(), MARGIN_PX);
    this.map.fitBounds(bounds, { padding, maxZoom, duration: this.motion() });
  }

  private motion(): number {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOTION_MS;
  }

  private setVisible(layers: readonly string[], visible: boolean): void {
    if (!this.map.isStyleLoaded()) {
      this.map.once("load", () => this.setVisible(layers, visible));
      return;
    }
    for (const layer of layers) {
      this.map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
    }
  }

  /** Say in the page whether the map is still drawing; tests wait for it. */
  private tellState(container: HTMLElement): void {
    const say = (state: string) => () => {
      container.dataset["state"] = state;
    };
    this.map.on("movestart", say("busy"));
    this.map.on("dataloading", say("busy"));
    this.map.on("idle", say("idle"));
  }

  private listen(): void {
    this.map.on("moveend", () => this.tellMoved());
    this.map.on("mousemove", (event) => {
      if (!this.drawing) this.point(event);
    });
    this.map.on("click", (event) => {
      if (!this.drawing) this.pick(event);
    });
    this.map.getCanvas().addEventListener("mouseleave", () => showUnderPointer([]));
  }

  private point(event: MapMouseEvent): void {
    const found = this.featuresAt(event);
    showUnderPointer(found);
    const pickable = found.some((feature) => feature.layer.id === "parcel");
    this.map.getCanvas().classList.toggle("is-pickable", pickable);
  }

  private pick(event: MapMouseEvent): void {
    const [mark] = this.map.queryRenderedFeatures(event.point, { layers: MARK_LAYERS });
    if (mark && this.pickMark) {
      this.pickMark(String(mark.properties["id"]));
      return;
    }
    const found = this.featuresAt(event);
    showUnderPointer(found);
    const parcel = found.find((feature) => feature.layer.id === "parcel");
    const township = found.find((feature) => feature.layer.id === "township");
    if (parcel) this.pickParcel(String(parcel.properties["code"]));
    else if (township) this.map.flyTo({ center: event.lngLat, zoom: 13.5 });
  }

  private featuresAt(event: MapMouseEvent): MapGeoJSONFeature[] {
    const layers = POINTABLE.filter((layer) => this.map.getLayer(layer));
    return this.map.queryRenderedFeatures(event.point, { layers });
  }
}

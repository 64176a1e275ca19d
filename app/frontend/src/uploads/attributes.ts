/** Attributes of the register's layers by their titles, as the page was given them. */
import { byId } from "../core/dom";

export interface LayerAttribute {
  name: string;
  title: string;
  required: boolean;
}

type Layers = Record<string, { title: string; attributes: LayerAttribute[] }>;

let layers: Layers | null = null;

function read(): Layers {
  layers ??= JSON.parse(byId("upload").dataset["layers"] ?? "{}") as Layers;
  return layers;
}

export function layerTitle(layer: string): string {
  return read()[layer]?.title ?? layer;
}

/** What a file for the layer may fill; the code comes first. */
export function attributesOf(layer: string): readonly LayerAttribute[] {
  return read()[layer]?.attributes ?? [];
}

/** The title of an attribute of any layer; its name where it has none. */
export function attributeTitle(name: string): string {
  for (const { attributes } of Object.values(read())) {
    const found = attributes.find((attribute) => attribute.name === name);
    if (found) return found.title;
  }
  return name;
}

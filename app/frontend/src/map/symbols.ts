/** Hatches and point symbols, drawn here so that the map needs no image files. */
import type { Map as MapLibre } from "maplibre-gl";
import {
  BASIC_FARMLAND,
  ENTERPRISE_ACTIVE,
  ENTERPRISE_FORMER,
  FACILITY,
  RECEPTOR,
  REDLINE,
} from "./palette";

type Draw = (pen: CanvasRenderingContext2D, size: number) => void;

const PIXEL_RATIO = 2;

/** Images by the name the style uses; the legend draws the same ones. */
const IMAGES: Record<string, { size: number; draw: Draw }> = {
  "hatch-basic-farmland": { size: 16, draw: hatch(BASIC_FARMLAND, false) },
  "hatch-redline": { size: 16, draw: hatch(REDLINE, true) },
  "enterprise-active": { size: 28, draw: square(ENTERPRISE_ACTIVE, true) },
  "enterprise-former": { size: 28, draw: square(ENTERPRISE_FORMER, false) },
  facility: { size: 32, draw: triangle(FACILITY) },
  receptor: { size: 30, draw: house(RECEPTOR) },
};

/** Give every image to the map. */
export function addImages(map: MapLibre): void {
  for (const [name, { size, draw }] of Object.entries(IMAGES)) {
    const pen = newPen(size);
    draw(pen, size);
    map.addImage(name, pen.getImageData(0, 0, size, size), {
      pixelRatio: PIXEL_RATIO,
    });
  }
}

/** Draw one image for the legend. */
export function imageCanvas(name: string): HTMLCanvasElement {
  const image = IMAGES[name];
  if (!image) throw new Error(`No map image is called "${name}".`);
  const pen = newPen(image.size);
  image.draw(pen, image.size);
  return pen.canvas;
}

function newPen(size: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("This browser cannot draw on a canvas.");
  return pen;
}

/** Diagonal lines that join from tile to tile; `crossed` draws both ways. */
function hatch(colour: string, crossed: boolean): Draw {
  return (pen, size) => {
    pen.strokeStyle = colour;
    pen.lineWidth = crossed ? 1.4 : 2;
    for (const shift of [-size, 0, size]) {
      line(pen, shift, size, shift + size, 0);
      if (crossed) line(pen, shift, 0, shift + size, size);
    }
  };
}

function line(
  pen: CanvasRenderingContext2D,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}

function square(colour: string, filled: boolean): Draw {
  return (pen, size) => {
    const inset = 5;
    const side = size - 2 * inset;
    pen.fillStyle = filled ? colour : "#ffffff";
    pen.strokeStyle = filled ? "#ffffff" : colour;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.rect(inset, inset, side, side);
    pen.fill();
    pen.stroke();
  };
}

function triangle(colour: string): Draw {
  return (pen, size) => {
    outline(pen, colour, [
      [size / 2, 4],
      [size - 4, size - 6],
      [4, size - 6],
    ]);
  };
}

/** A house: where people live, learn or are cared for. */
function house(colour: string): Draw {
  return (pen, size) => {
    const [low, middle] = [size - 5, size * 0.46];
    outline(pen, colour, [
      [size / 2, 4],
      [size - 4, middle],
      [size - 8, middle],
      [size - 8, low],
      [8, low],
      [8, middle],
      [4, middle],
    ]);
  };
}

function outline(
  pen: CanvasRenderingContext2D,
  colour: string,
  corners: [number, number][],
): void {
  pen.beginPath();
  for (const [x, y] of corners) pen.lineTo(x, y);
  pen.closePath();
  pen.lineJoin = "round";
  pen.strokeStyle = "#ffffff";
  pen.lineWidth = 4;
  pen.stroke();
  pen.fillStyle = colour;
  pen.fill();
}

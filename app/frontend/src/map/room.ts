/** Where on the map is room that the legend leaves free? */

/** Room kept at each side, in pixels. */
export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** A box of the page, in pixels. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Less room than this shows too little of what is looked for. */
const LEAST_PX = 160;

/**
 * The padding with which a place is seen beside the legend, which stands in a lower corner
 * at the left; above it where beside it is no room; over the whole map where there is none.
 */
export function roomBeside(map: Box, legend: Box, margin: number): Padding {
  const plain = { top: margin, right: margin, bottom: margin, left: margin };
  const [wide, high] = [legend.right - map.left, map.bottom - legend.top];
  const covers = legend.right > legend.left && wide > 0 && high > 0;
  // Folded it is lower than the margin.
  if (!covers || high <= margin) return plain;
  if (map.right - legend.right >= 2 * margin + LEAST_PX) return { ...plain, left: wide + margin };
  if (legend.top - map.top >= 2 * margin + LEAST_PX) return { ...plain, bottom: high + margin };
  return plain;
}

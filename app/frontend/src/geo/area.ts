/**
 * The area of a drawn polygon for display while drawing. The service measures the
 * one that counts (ellipsoidal, to 0.01 m²); this one is the same sum on the
 * authalic sphere and agrees to about 1e-6 for edges under a kilometre.
 */
import type { LonLat } from "./polygon";

/** CGCS2000 (GB/T 33183): semi-major axis in metres and flattening. */
const SEMI_MAJOR_M = 6378137;
const FLATTENING = 1 / 298.257222101;
const E2 = FLATTENING * (2 - FLATTENING);
const E = Math.sqrt(E2);

/** Authalic q(φ): twice the area from the equator to φ over a² and longitude. */
function authalicQ(latitude: number): number {
  const s = Math.sin((latitude * Math.PI) / 180);
  const tail = Math.log((1 - E * s) / (1 + E * s)) / (2 * E);
  return (1 - E2) * (s / (1 - E2 * s * s) - tail);
}

/** Ellipsoidal area in m² of a ring of lon, lat; 0 for fewer than three corners. */
export function ringAreaM2(ring: readonly LonLat[]): number {
  if (ring.length < 3) return 0;
  const q0 = authalicQ(ring[0]![1]);
  const lon0 = ring[0]![0];
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [lonA, latA] = ring[i]!;
    const [lonB, latB] = ring[(i + 1) % ring.length]!;
    const [xA, xB] = [lonA - lon0, lonB - lon0];
    sum += xA * (authalicQ(latB) - q0) - xB * (authalicQ(latA) - q0);
  }
  const radians = Math.PI / 180;
  return Math.abs((sum * radians * SEMI_MAJOR_M * SEMI_MAJOR_M) / 4);
}

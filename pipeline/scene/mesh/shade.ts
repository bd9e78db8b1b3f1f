import { unit, type Material, type Vector } from './shapes.js';

/** Where light comes from: a lamp in front, above and left, a weaker one right; the rest is the room's. */
const KEY = unit([-0.45, -0.75, -0.62]);
const FILL = unit([0.8, -0.1, -0.5]);
const STRENGTH = { key: 0.78, fill: 0.2, above: 0.42, below: 0.2 } as const;

/** The light that a matt surface sends to the camera, as a part of its colour; `nz` below 0 faces the camera. */
function diffuseOf(nx: number, ny: number, nz: number): number {
  const key = Math.max(0, nx * KEY[0] + ny * KEY[1] + nz * KEY[2]);
  const fill = Math.max(0, nx * FILL[0] + ny * FILL[1] + nz * FILL[2]);
  const room = STRENGTH.below + (STRENGTH.above - STRENGTH.below) * (0.5 - 0.5 * ny);
  return STRENGTH.key * key + STRENGTH.fill * fill + room;
}

/** What a polished surface mirrors: a bright window above left, a paler one right, a dark ground; 0 and up. */
function mirrored(nx: number, ny: number, nz: number): number {
  const [rx, ry] = [-2 * nz * nx, -2 * nz * ny];
  const rz = 1 - 2 * nz * nz;
  const sky = Math.max(0, -ry);
  const window = Math.max(0, rx * KEY[0] + ry * KEY[1] + rz * KEY[2]);
  const other = Math.max(0, rx * FILL[0] + ry * FILL[1] + rz * FILL[2]);
  return 0.12 + 0.45 * sky * sky + 1.5 * window ** 12 + 0.5 * window ** 3 + 0.45 * other ** 6;
}

/** The light that a surface sends to the camera as a part of its colour, and the white light it mirrors. */
export function shade(
  { gloss = 0, metal = false, glow = 0 }: Material,
  [x, y, z]: Vector,
): readonly [light: number, shine: number] {
  // Both sides are seen: the one that faces the camera is lit.
  const side = z > 0 ? -1 : 1;
  const [nx, ny, nz] = [x * side, y * side, z * side];
  if (metal) {
    const light = 0.22 * diffuseOf(nx, ny, nz) + 1.05 * mirrored(nx, ny, nz);
    return [light, Math.max(0, light - 1.15) * 0.7];
  }
  // Fresnel: what faces away mirrors more.
  const mirrors = gloss * (0.05 + 0.5 * (1 + nz) ** 4 + 0.22 * gloss);
  return [diffuseOf(nx, ny, nz) + glow, mirrors === 0 ? 0 : mirrors * mirrored(nx, ny, nz)];
}

import type { RgbImage } from '../../../pipeline/image.js';

type Colour = readonly [red: number, green: number, blue: number];

/** A cartoon face that the detector takes for one: where it is, how big, how it is turned. Sizes in pixels. */
export interface DrawnFace {
  /** The middle of the face. */
  readonly x: number;
  readonly y: number;
  /** From chin to crown. */
  readonly height: number;
  /** -1..1: how far the face is turned to the left or right side of the picture. */
  readonly turn?: number;
  /** Clockwise, in degrees. */
  readonly tilt?: number;
  readonly skin?: Colour;
  readonly hair?: Colour;
}

const SKIN: Colour = [222, 176, 148];
const HAIR: Colour = [62, 42, 30];

/** An even background with a soft light from above. */
export function drawBackground(width: number, height: number, colour: Colour = [120, 140, 160]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, index = 0; y < height; y++) {
    const light = 1.15 - (0.3 * y) / height;
    for (let x = 0; x < width; x++) for (const value of colour) data[index++] = Math.min(255, value * light);
  }
  return { width, height, data };
}

/** A picture of the given size with faces drawn on it. */
export function drawFaces(
  size: { readonly width: number; readonly height: number },
  faces: readonly DrawnFace[],
): RgbImage {
  const image = drawBackground(size.width, size.height);
  for (const face of faces) drawFace(image, face);
  return image;
}

/** A square portrait: one face that fills it as portraits do. */
export function drawPortrait(side: number, face: Partial<DrawnFace> = {}): RgbImage {
  return drawFaces({ width: side, height: side }, [{ x: side / 2, y: side * 0.52, height: side * 0.8, ...face }]);
}

/** An ellipse in the face's own measures: middle and half axes, where 1 is half the face's height. */
interface Spot {
  readonly at: readonly [x: number, y: number];
  readonly radius: readonly [x: number, y: number];
  readonly colour: Colour;
  /** 0..1 of the radius over which the edge fades. */
  readonly soft?: number;
  readonly strength?: number;
}

function spotsOf({ turn = 0, skin = SKIN, hair = HAIR }: DrawnFace): Spot[] {
  const shade = (factor: number): Colour => [skin[0] * factor, skin[1] * factor, skin[2] * factor];
  const shift = turn * 0.22;
  const eyes = [-0.3, 0.3].flatMap((x): Spot[] => {
    const at = (dx: number, y: number): [number, number] => [x * (1 - Math.abs(turn) * 0.15) + shift + dx, y];
    return [
      { at: at(0, -0.1), radius: [0.2, 0.13], colour: shade(0.72), soft: 0.8 },
      { at: at(0, -0.1), radius: [0.135, 0.062], colour: [238, 234, 230], soft: 0.3 },
      { at: at(turn * 0.02, -0.1), radius: [0.06, 0.062], colour: [52, 36, 28], soft: 0.3 },
      { at: at(-0.015, -0.12), radius: [0.015, 0.015], colour: [250, 250, 250] },
      { at: at(0, -0.15), radius: [0.15, 0.022], colour: shade(0.35), soft: 0.5 },
      { at: at(0, -0.26), radius: [0.18, 0.035], colour: hair, soft: 0.6 },
    ];
  });
  return [
    { at: [0, 1.15], radius: [0.36, 0.6], colour: shade(0.72), soft: 0.1 },
    { at: [0, 1.75], radius: [1.25, 0.62], colour: [70, 78, 110], soft: 0.1 },
    { at: [-shift * 0.4, -0.22], radius: [0.83, 0.9], colour: hair, soft: 0.08 },
    { at: [-0.72, 0.02], radius: [0.1, 0.2], colour: shade(0.8), soft: 0.3 },
    { at: [0.72, 0.02], radius: [0.1, 0.2], colour: shade(0.8), soft: 0.3 },
    { at: [0, 0.05], radius: [0.7, 0.95], colour: shade(0.78), soft: 0.08 },
    { at: [shift * 0.5, 0.02], radius: [0.68, 0.88], colour: skin, soft: 0.45 },
    { at: [shift * 0.6, -0.35], radius: [0.42, 0.3], colour: shade(1.1), soft: 0.95, strength: 0.7 },
    { at: [-0.32 + shift, 0.28], radius: [0.2, 0.16], colour: [226, 150, 130], soft: 0.95, strength: 0.6 },
    { at: [0.32 + shift, 0.28], radius: [0.2, 0.16], colour: [226, 150, 130], soft: 0.95, strength: 0.6 },
    ...eyes,
    { at: [shift * 1.3, 0.08], radius: [0.055, 0.24], colour: shade(1.12), soft: 0.9 },
    {
      at: [shift * 1.35 - 0.09 + turn * 0.04, 0.12],
      radius: [0.05, 0.22],
      colour: shade(0.82),
      soft: 0.9,
      strength: 0.7,
    },
    { at: [shift * 1.35, 0.3], radius: [0.15, 0.05], colour: shade(0.74), soft: 0.8 },
    { at: [shift * 1.35 - 0.06, 0.31], radius: [0.035, 0.022], colour: shade(0.4), soft: 0.6 },
    { at: [shift * 1.35 + 0.06, 0.31], radius: [0.035, 0.022], colour: shade(0.4), soft: 0.6 },
    { at: [shift, 0.56], radius: [0.27, 0.085], colour: [186, 92, 86], soft: 0.5 },
    { at: [shift, 0.55], radius: [0.25, 0.016], colour: [110, 44, 44], soft: 0.6 },
    { at: [shift, 0.7], radius: [0.2, 0.05], colour: shade(0.82), soft: 0.9 },
  ];
}

/** Draws a face onto a picture, in place. */
function drawFace(image: RgbImage, face: DrawnFace): void {
  const unit = face.height / 2;
  const angle = ((face.tilt ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const spots = spotsOf(face);
  const reach = Math.ceil(unit * 2.6);
  const [fromX, toX] = [Math.max(0, Math.floor(face.x - reach)), Math.min(image.width, Math.ceil(face.x + reach))];
  const [fromY, toY] = [Math.max(0, Math.floor(face.y - reach)), Math.min(image.height, Math.ceil(face.y + reach))];
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const [dx, dy] = [(x - face.x) / unit, (y - face.y) / unit];
      const place = [cos * dx + sin * dy, cos * dy - sin * dx] as const;
      for (const spot of spots) paint(image, (y * image.width + x) * 3, { spot, place, pixel: 1 / unit });
    }
  }
}

function paint(
  image: RgbImage,
  index: number,
  { spot, place, pixel }: { readonly spot: Spot; readonly place: readonly [number, number]; readonly pixel: number },
): void {
  const distance = Math.hypot((place[0] - spot.at[0]) / spot.radius[0], (place[1] - spot.at[1]) / spot.radius[1]);
  const fade = Math.max(spot.soft ?? 0.1, pixel / Math.min(...spot.radius));
  const cover = Math.min(1, Math.max(0, (1 - distance) / fade)) * (spot.strength ?? 1);
  if (cover === 0) return;
  spot.colour.forEach((value, channel) => {
    const old = image.data[index + channel] ?? 0;
    image.data[index + channel] = Math.min(255, Math.max(0, old + (value - old) * cover));
  });
}

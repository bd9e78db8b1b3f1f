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
  const angle = ((face.tilt ?? 0) * Math.PI) / 180;
  const frame = { x: face.x, y: face.y, unit: face.height / 2, cos: Math.cos(angle), sin: Math.sin(angle) };
  for (const spot of spotsOf(face)) paintSpot(image, spot, frame);
}

/** Where the face's own measures lie in the picture. */
interface Frame {
  readonly x: number;
  readonly y: number;
  readonly unit: number;
  readonly cos: number;
  readonly sin: number;
}

function paintSpot(image: RgbImage, spot: Spot, { x, y, unit, cos, sin }: Frame): void {
  const [middleX, middleY] = spot.at;
  const [centreX, centreY] = [x + (cos * middleX - sin * middleY) * unit, y + (sin * middleX + cos * middleY) * unit];
  const reach = Math.max(...spot.radius) * unit + 1;
  const fade = Math.max(spot.soft ?? 0.1, 1 / unit / Math.min(...spot.radius));
  const end = Math.min(image.height, Math.ceil(centreY + reach));
  const right = Math.min(image.width, Math.ceil(centreX + reach));
  for (let row = Math.max(0, Math.floor(centreY - reach)); row < end; row++) {
    for (let column = Math.max(0, Math.floor(centreX - reach)); column < right; column++) {
      const [dx, dy] = [(column - centreX) / unit, (row - centreY) / unit];
      const distance = Math.hypot((cos * dx + sin * dy) / spot.radius[0], (cos * dy - sin * dx) / spot.radius[1]);
      const cover = Math.min(1, (1 - distance) / fade) * (spot.strength ?? 1);
      if (cover > 0) blend(image.data, (row * image.width + column) * 3, { colour: spot.colour, cover });
    }
  }
}

function blend(data: Uint8Array, index: number, paint: { readonly colour: Colour; readonly cover: number }): void {
  for (let channel = 0; channel < 3; channel++) {
    const old = data[index + channel] ?? 0;
    data[index + channel] = Math.min(255, old + ((paint.colour[channel] ?? 0) - old) * paint.cover);
  }
}

import { MOUTH_WINDOW } from './mouth-window.js';
import { smooth, type Plane } from './plane.js';
import { lumaOf, type FaceLight } from './tint.js';

const { width: WIDTH, height: HEIGHT } = MOUTH_WINDOW;
const PLANE = WIDTH * HEIGHT;
/** The channel of `MOUTH_CHANNELS` that says where the inside of the mouth is. */
const MOUTH = 4;

/** What is darker than what is within this many pixels becomes darker by the first factor, what is brighter brighter by the second. */
const GAPS = { sigma: 1.5, darker: 1.5, brighter: 0.45 } as const;

/** Teeth are no brighter than the cheeks or the whites of the eyes, times these; no darker for that than so much of what they were. */
const BRIGHTEST = { cheeks: 1.22, whites: 1.25, least: 0.5 } as const;
/** Each channel of teeth, of their luma, is that of the cheeks to this power; so much of that they take. */
const TINT = { power: 0.55, taken: 0.7, least: 0.75, most: 1.25 } as const;
/** Teeth are as bright as the pixel of a mouth's inside than which so many are darker. */
const BRIGHT = 0.85;

/**
 * Teeth as a network paints them, their gaps deepened, in the light of the photo: as bright against the cheeks, and as tinted, as
 * teeth are in 287 photographs of smiles (three in four are no brighter); in a dark face the whites of the eyes say what is bright. `painted` and `told` are planes of a window.
 */
export function touchUpTeeth(painted: Float32Array, told: Float32Array, light: FaceLight): Float32Array {
  const plane = (data: Float32Array): Plane => ({ width: WIDTH, height: HEIGHT, data });
  const inside = smooth(plane(told.subarray(MOUTH * PLANE, (MOUTH + 1) * PLANE)), 1).data;
  const luma = new Float32Array(PLANE);
  for (let pixel = 0; pixel < PLANE; pixel++)
    luma[pixel] = lumaOf([0, 1, 2].map((c) => painted[c * PLANE + pixel] ?? 0));
  const around = smooth(plane(luma), GAPS.sigma).data;
  const gain = gainOf(painted, { inside, light });
  const touched = Float32Array.from(painted);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    const part = inside[pixel] ?? 0;
    if (part === 0) continue;
    const detail = (luma[pixel] ?? 0) - (around[pixel] ?? 0);
    const deeper = detail * (detail < 0 ? GAPS.darker : GAPS.brighter);
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * PLANE + pixel;
      const own = touched[at] ?? 0;
      touched[at] = Math.min(1, Math.max(0, own + part * ((own + deeper) * (gain[channel] ?? 1) - own)));
    }
  }
  return touched;
}

interface Teeth {
  readonly inside: Float32Array;
  readonly light: FaceLight;
}

/** By how much each channel of a mouth's inside is to be brighter. */
function gainOf(painted: Float32Array, { inside, light: { cheeks, whites } }: Teeth): readonly number[] {
  const pixels = Array.from(inside.keys()).filter((pixel) => (inside[pixel] ?? 0) > 0.8);
  const colours = pixels.map((pixel) => [0, 1, 2].map((channel) => painted[channel * PLANE + pixel] ?? 0));
  const teeth = colours.toSorted((one, other) => lumaOf(one) - lumaOf(other))[Math.floor(BRIGHT * colours.length)];
  if (!teeth) return [1, 1, 1];
  const [own, skin] = [Math.max(0.02, lumaOf(teeth)), Math.max(0.02, lumaOf(cheeks))];
  const most = Math.max(BRIGHTEST.cheeks * skin, BRIGHTEST.whites * whites);
  const gain = Math.min(1, Math.max(BRIGHTEST.least, most / own));
  return cheeks.map((cheek, channel) => {
    const wanted = (cheek / skin) ** TINT.power / Math.max(0.02, (teeth[channel] ?? 0) / own);
    return gain * Math.min(TINT.most, Math.max(TINT.least, wanted)) ** TINT.taken;
  });
}

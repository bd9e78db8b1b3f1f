/** Red, green, blue in linear light, 0..1; lights may be brighter. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** One value of sRGB, 0..1, in linear light. */
export function linearOf(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** One value of linear light in sRGB, 0..1. */
export function encodedOf(value: number): number {
  if (value <= 0) return 0;
  return value >= 1 ? 1 : value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

const known = new Map<string, Rgb>();

/** A colour written as in style sheets, `#rrggbb`, in linear light. */
export function hex(written: string): Rgb {
  const found = known.get(written);
  if (found) return found;
  const byte = (at: number): number => linearOf(Number.parseInt(written.slice(at, at + 2), 16) / 255);
  const colour: Rgb = [byte(1), byte(3), byte(5)];
  known.set(written, colour);
  return colour;
}

/** A colour on the way from one to another: `part` 0 is the first. */
export function mix(from: Rgb, to: Rgb, part: number): Rgb {
  return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part, from[2] + (to[2] - from[2]) * part];
}

/** A colour so many times as bright. */
export function times([red, green, blue]: Rgb, factor: number): Rgb {
  return [red * factor, green * factor, blue * factor];
}

/** How bright a colour is, linear. */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The colour on a scale at a place: stops are places, rising, and their colours. */
export function ramp(stops: readonly (readonly [at: number, colour: Rgb])[], place: number): Rgb {
  let from = stops[0];
  if (!from) throw new RangeError('Expected at least one stop');
  for (const to of stops) {
    if (to[0] >= place) return to === from ? to[1] : mix(from[1], to[1], (place - from[0]) / (to[0] - from[0]));
    from = to;
  }
  return from[1];
}

/** From 0 at the first edge to 1 at the second, smooth at both. */
export function smoothStep(from: number, to: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** What the colours are that things can be asked in, by the labels of a vocabulary. */
export const COLOURS: Readonly<Record<string, Rgb>> = {
  white: hex('#f2f2f0'),
  grey: hex('#8b8d91'),
  black: hex('#1c1d21'),
  red: hex('#c62828'),
  orange: hex('#ee7f1c'),
  yellow: hex('#f4cc2f'),
  green: hex('#2e8b47'),
  turquoise: hex('#1fa6a3'),
  blue: hex('#2765c4'),
  purple: hex('#7a3fb0'),
  pink: hex('#ea7fb0'),
  brown: hex('#7a4a2b'),
  gold: hex('#e0a52e'),
  silver: hex('#c3c8ce'),
};

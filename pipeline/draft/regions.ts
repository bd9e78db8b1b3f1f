/** Points of the face mesh by region, around each region in order. "Left" is the left side of the picture. */

/** Around the face: forehead, temples, jaw, chin. */
export const OVAL: readonly number[] = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136,
  172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/** Around the red of the lips. */
export const LIPS_OUTER: readonly number[] = [
  61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
];

/** Where the lips meet, or around the open mouth: left corner, along the upper lip, right corner, back along the lower. */
export const LIPS_INNER: readonly number[] = [
  78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
];

/** Points of the upper and lower lip that touch in a closed mouth, left to right, without the corners. */
export const LIP_PAIRS: readonly (readonly [upper: number, lower: number])[] = [
  [191, 95],
  [80, 88],
  [81, 178],
  [82, 87],
  [13, 14],
  [312, 317],
  [311, 402],
  [310, 318],
  [415, 324],
];

/** Around the opening of the left eye. */
export const LEFT_EYE: readonly number[] = [
  33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246,
];

/** Around the opening of the right eye. */
export const RIGHT_EYE: readonly number[] = [
  263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466,
];

/** Points of the upper and lower lids that touch in a closed eye, both eyes, without the corners. */
export const LID_PAIRS: readonly (readonly [upper: number, lower: number])[] = [
  [246, 7],
  [161, 163],
  [160, 144],
  [159, 145],
  [158, 153],
  [157, 154],
  [173, 155],
  [466, 249],
  [388, 390],
  [387, 373],
  [386, 374],
  [385, 380],
  [384, 381],
  [398, 382],
];

/** The outer corners of the eyes, left and right. */
export const EYE_CORNERS: readonly [number, number] = [33, 263];

/** The middle of the upper and the lower lip's inner edge. */
export const LIP_MIDDLES: readonly [number, number] = [13, 14];

/** Where the lips meet at the left and at the right. */
export const LIP_CORNERS: readonly [number, number] = [78, 308];

/** Where the red of the lips ends at the left and at the right. */
export const MOUTH_CORNERS: readonly [number, number] = [61, 291];

import sharp from 'sharp';
// Loading this module also switches off, for the whole process, every libvips loader but JPEG, PNG and WebP from memory.
import '../../pipeline/image.js';
import type { AvatarFrame } from '../chat/avatar-frames.js';
import type { FacePlace } from '../chat/picture.js';
import { markGenerated } from './album.js';

/** Side of an avatar in pixels, and the width of its frame as a part of it. */
const SIDE = 512;
const FRAME = 0.05;
/** Side of the crop as a multiple of the face's height: in a circle the hair and the chin are still seen. */
const ROOM = 1.9;

const colours: Readonly<Record<AvatarFrame, readonly [red: number, green: number, blue: number]>> = {
  gold: [212, 166, 40],
  silver: [168, 174, 182],
  red: [205, 52, 60],
  green: [46, 145, 86],
  blue: [44, 104, 200],
  violet: [128, 70, 190],
};

/** A square PNG of a portrait, made for being shown as a circle: around the face, framed where that is wanted. */
export async function drawAvatar(portrait: Uint8Array, face?: FacePlace, frame?: AvatarFrame): Promise<Uint8Array> {
  const { width, height } = await sharp(portrait).metadata();
  const crop = cropAround(Math.min(width, height), face);
  const avatar = sharp(portrait).extract(crop).resize(SIDE, SIDE);
  const framed = frame ? avatar.composite([drawRing(colours[frame])]) : avatar;
  return markGenerated(framed).png().toBuffer();
}

/** The square around a face, moved and shrunk as far as the picture demands; all of it where no face is known. */
function cropAround(side: number, face: FacePlace | undefined) {
  if (!face) return { left: 0, top: 0, width: side, height: side };
  const wanted = Math.min(side, Math.max(1, Math.round(face.height * side * ROOM)));
  const place = (middle: number): number =>
    Math.round(Math.min(side - wanted, Math.max(0, middle * side - wanted / 2)));
  return { left: place(face.x), top: place(face.y), width: wanted, height: wanted };
}

/** A ring that touches the sides, what is outside of it filled: round or square, the frame is whole. */
function drawRing(colour: readonly [number, number, number]) {
  const data = Buffer.alloc(SIDE * SIDE * 4);
  const inner = SIDE / 2 - SIDE * FRAME;
  for (let pixel = 0; pixel < SIDE * SIDE; pixel++) {
    const distance = Math.hypot((pixel % SIDE) + 0.5 - SIDE / 2, Math.floor(pixel / SIDE) + 0.5 - SIDE / 2);
    const cover = Math.min(1, Math.max(0, distance - inner + 0.5));
    data.set([...colour, Math.round(255 * cover)], pixel * 4);
  }
  return { input: data, raw: { width: SIDE, height: SIDE, channels: 4 as const } };
}

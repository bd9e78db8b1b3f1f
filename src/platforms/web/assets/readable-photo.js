import { element } from './dom.js';

/** How much is kept of a photo that is written anew, 0..1. */
const QUALITY = 0.95;

/**
 * The kinds of files that the system's picker offers. A telephone turns its own photos into JPEG where HEIC is not named.
 */
export function acceptedPhotos() {
  const types = 'image/jpeg,image/png,image/webp';
  return matchMedia('(hover: hover)').matches ? `${types},image/heic,image/heif,.heic,.heif` : types;
}

/**
 * The photo as JPEG, where it is a telephone's HEIC and this browser can read it; else as it is, so that the answer says what
 * to do.
 * @param {File} file
 */
export async function readablePhoto(file) {
  if (!/^image\/hei[cf]/.test(file.type) && !/\.hei[cf]$/i.test(file.name)) return file;
  try {
    const picture = await createImageBitmap(file);
    const { width, height } = picture;
    const canvas = element('canvas', { width, height });
    canvas.getContext('2d')?.drawImage(picture, 0, 0);
    picture.close();
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
    const name = `${file.name.replace(/\.\w+$/, '')}.jpg`;
    return blob ? new File([blob], name, { type: blob.type }) : file;
  } catch {
    return file;
  }
}

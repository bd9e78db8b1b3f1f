import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { pictureOf, type Draft } from '../../../pipeline/draft/draw.js';
import type { EyeWish } from '../../../pipeline/draft/eyes.js';
import { draftPhotoOf, type DraftPhoto } from '../../../pipeline/draft/photo.js';
import { sampleColour } from '../../../pipeline/draft/sample.js';
import { PART } from '../../../pipeline/draft/surface.js';
import { applyAffine, invertAffine } from '../../../pipeline/face/geometry.js';
import { openDrafting } from '../../fixtures/drafting.js';
import { drawing, pixelsOf } from '../../fixtures/drawing.js';

const { photo, model, release } = await openDrafting();
after(release);
const { draw, turnedTo, asItIs: AS_IT_IS } = drawing({ photo, model });

describe('a cheek that a photo saw along its outline', () => {
  /** The photo as seen from the side, with something green right behind the outline of the face. */
  const aside = ((): DraftPhoto => {
    const away = draw(photo, { target: turnedTo({ yaw: 22 }), crop: { units: 4, eyes: { x: 0.5, y: 0.42 } } }, 768);
    const isFace = away.parts.map((part) => (part === PART.around ? 0 : part));
    const data = Uint8Array.from(away.colours, (value, at) =>
      isFace[Math.floor(at / 3)] ? Math.min(255, Math.max(0, Math.round(value))) : at % 3 === 1 ? 255 : 0,
    );
    return { ...draftPhotoOf({ width: 768, height: 768, data }, { ...away, model }), movements: photo.movements };
  })();
  /** The same, its mesh some pixels too wide, as readers of meshes err. */
  const wide = { ...aside, mesh: aside.mesh.map((value, at) => (at % 3 === 0 ? 384 + (value - 384) * 1.02 : value)) };

  it('comes into view without what lies behind it', () => {
    const draft = draw(wide, { target: { angles: { ...aside.angles, yaw: -5 }, movements: photo.movements } }, 384);
    const face = pixelsOf(draft).filter((pixel) => draft.parts[pixel] === PART.face);
    const green = face.filter((pixel) => {
      const [red, greens] = [draft.colours[pixel * 3] ?? 0, draft.colours[pixel * 3 + 1] ?? 0];
      return greens > 150 && red < 60;
    });
    assert.ok(green.length < 0.005 * face.length, `${green.length} of ${face.length} pixels`);
  });

  it('has one outline: what was behind it begins where the cheek ends', () => {
    const draft = draw(aside, { target: { angles: { ...aside.angles, yaw: -5 }, movements: photo.movements } }, 384);
    const isFace = (pixel: number): boolean => draft.parts[pixel] === PART.face;
    /** Beside the cheeks, at the height of the nose, but for the pixels in which the edge is soft. */
    const rim = pixelsOf(draft).filter((pixel) => {
      const y = Math.floor(pixel / draft.size);
      const isLevel = y > (draft.mesh[19] ?? 0) && y < (draft.mesh[1] ?? 0);
      return (
        isLevel &&
        draft.parts[pixel] === PART.around &&
        [-5, 5].some((across) => isFace(pixel + across)) &&
        ![-2, 2].some((across) => isFace(pixel + across))
      );
    });
    const green = rim.filter(
      (pixel) => (draft.colours[pixel * 3 + 1] ?? 0) > 150 && (draft.colours[pixel * 3] ?? 255) < 60,
    );
    assert.ok(green.length > 0.8 * rim.length, `${green.length} of ${rim.length} pixels`);
  });
});

describe('a cheek of which a photo hid a part', () => {
  const away = draw(photo, { target: turnedTo({ yaw: 22 }), crop: { units: 4, eyes: { x: 0.5, y: 0.42 } } }, 768);
  const aside = { ...draftPhotoOf(pictureOf(away), { ...away, model }), movements: photo.movements };
  const [CHEEKBONE, EAR, JAW] = [447, 454, 361] as const;
  const partBeside = ({ parts, mesh, size }: Draft, point: number, across: number): number | undefined => {
    const [x, y] = [Math.round(mesh[point * 3] ?? 0), Math.round(mesh[point * 3 + 1] ?? 0)];
    return parts[y * size + x + across];
  };

  it('is shown to its oval when it comes into view, and what is around it begins there', () => {
    const draft = draw(aside, { target: { angles: { ...aside.angles, yaw: -5 }, movements: photo.movements } }, 384);
    for (const point of [EAR, JAW]) {
      assert.equal(partBeside(draft, point, -3), PART.face, `inside ${point}`);
      assert.equal(partBeside(draft, point, 3), PART.around, `outside ${point}`);
    }
    assert.equal(partBeside(draft, CHEEKBONE, 0), PART.face);
  });

  it('stays hidden where the head does not turn', () => {
    const draft = draw(aside, { target: { angles: aside.angles, movements: photo.movements } }, 384);
    const back = invertAffine(draft.crop);
    const colour = new Float32Array(3);
    let [sum, count] = [0, 0];
    for (const pixel of pixelsOf(draft)) {
      if ((draft.matte.data[pixel] ?? 0) < 0.9) continue;
      sampleColour(aside.plate, applyAffine(back, [pixel % 384, Math.floor(pixel / 384)]), { colours: colour, at: 0 });
      for (let k = 0; k < 3; k++) sum += Math.abs((colour[k] ?? 0) - (draft.colours[pixel * 3 + k] ?? 0));
      count += 3;
    }
    assert.ok(sum / count < 0.05, `${sum / count} of 255`);
  });
});

describe('eyes that look up or down', () => {
  const [UPPER, LOWER] = [159, 145] as const;
  const openingOf = (mesh: Float64Array): number => (mesh[LOWER * 3 + 1] ?? 0) - (mesh[UPPER * 3 + 1] ?? 0);
  /** The photo with a green iris in its left eye. */
  const green = ((): DraftPhoto => {
    const [x, upper] = [photo.mesh[UPPER * 3] ?? 0, photo.mesh[UPPER * 3 + 1] ?? 0];
    const [y, radius] = [upper + openingOf(photo.mesh) / 2, openingOf(photo.mesh) / 4];
    const data = Uint8Array.from(photo.plate.data);
    for (let pixel = 0; pixel < data.length / 3; pixel++) {
      const [across, down] = [(pixel % photo.plate.width) - x, Math.floor(pixel / photo.plate.width) - y];
      if (Math.hypot(across, down) < radius) data.set([0, 255, 0], pixel * 3);
    }
    return { ...photo, plate: { ...photo.plate, data } };
  })();
  /** Where the middle of the iris is between the lids of the photo's own eye: 0 at the upper, 1 at the lower. */
  function irisOf(eyes: EyeWish): { readonly place: number; readonly opening: number } {
    const draft = draw(green, { target: { ...AS_IT_IS, eyes } }, 768);
    const rows = pixelsOf(draft).filter(
      (pixel) => (draft.colours[pixel * 3 + 1] ?? 0) > 200 && (draft.colours[pixel * 3] ?? 255) < 60,
    );
    assert.ok(rows.length > 10, `${rows.length} pixels of an iris`);
    const row = rows.reduce((sum, pixel) => sum + Math.floor(pixel / draft.size), 0) / rows.length;
    const asItIs = draw(green, {}, 768).mesh;
    const place = (row - (asItIs[UPPER * 3 + 1] ?? 0)) / openingOf(asItIs);
    return { place, opening: openingOf(draft.mesh) / openingOf(asItIs) };
  }

  it('are the photo’s where nothing is asked', () => {
    const { place, opening } = irisOf({ lids: 0, gaze: 0 });
    assert.ok(Math.abs(place - 0.5) < 0.03 && Math.abs(opening - 1) < 0.01, `${place}, ${opening}`);
  });

  it('have the iris lower, and the lid over it, when they look down', () => {
    const { place, opening } = irisOf({ lids: 0.4, gaze: 0.2 });
    assert.ok(Math.abs(place - 0.7) < 0.06, String(place));
    assert.ok(Math.abs(opening - 0.6) < 0.06, String(opening));
  });

  it('have the iris higher when they look up', () => {
    const { place, opening } = irisOf({ lids: 0, gaze: -0.14 });
    assert.ok(Math.abs(place - 0.36) < 0.04 && Math.abs(opening - 1) < 0.01, `${place}, ${opening}`);
  });
});

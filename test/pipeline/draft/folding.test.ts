import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { AT_REST, type Movements } from '../../../pipeline/draft/appearance.js';
import type { HeadAngles } from '../../../pipeline/draft/head.js';
import { interpolate, rasterise } from '../../../pipeline/draft/rasterise.js';
import { OVAL } from '../../../pipeline/draft/regions.js';
import { withinReach } from '../../../pipeline/draft/source.js';
import { PART, surfaceOf } from '../../../pipeline/draft/surface.js';
import { aim, type DraftTarget } from '../../../pipeline/draft/target.js';
import { openDrafting } from '../../fixtures/drafting.js';

const { photo, model, release } = await openDrafting();
after(release);

const surface = surfaceOf(photo.mesh, { pose: photo.pose, model, filled: photo.filled });

/** What may fold, in square units of the head: slivers in the corners of the mouth, less than five pixels of a portrait. */
const FOLDED = 1.6e-4;

/** More than a plan asks of any head: see `planPortrait`. */
const TURNS: readonly HeadAngles[] = [-24, -12, 0, 12, 24].flatMap((yaw) =>
  [-14, 0, 14].flatMap((pitch) => [-12, 0, 12].map((roll) => ({ yaw, pitch, roll }))),
);
const FACES: Readonly<Record<string, Movements>> = {
  'at rest': AT_REST,
  'as it is': photo.movements,
  smiling: { ...AT_REST, smile: 1.3 },
  grinning: { ...AT_REST, grin: 1.25 },
  surprised: { ...AT_REST, surprise: 1.4 },
  sad: { ...AT_REST, sadness: 2.4 },
};

const wantedOf = (angles: HeadAngles, movements: Movements): DraftTarget => withinReach({ angles, movements }, photo);
const told = ({ angles: { yaw, pitch, roll } }: DraftTarget): string => `yaw ${yaw}, pitch ${pitch}, roll ${roll}`;

/** The area of a triangle of the face, above 0 where it faces the camera, and how much it does, -1..1. */
function triangleAt(places: Float64Array, index: number): { readonly area: number; readonly facing: number } {
  const corner = (which: number): number => (model.triangles[index * 3 + which] ?? 0) * 3;
  const [a, b, c] = [corner(0), corner(1), corner(2)];
  const side = (to: number, axis: number): number => (places[to + axis] ?? 0) - (places[a + axis] ?? 0);
  const x = side(b, 1) * side(c, 2) - side(b, 2) * side(c, 1);
  const y = side(b, 2) * side(c, 0) - side(b, 0) * side(c, 2);
  const z = side(b, 0) * side(c, 1) - side(b, 1) * side(c, 0);
  return { area: z / 2, facing: z / (Math.hypot(x, y, z) + 1e-12) };
}

/** A head drawn small: the part at each pixel, and from where in the plate it comes. */
function drawSmall(target: DraftTarget) {
  const size = 160;
  const scale = size / photo.plate.width;
  const places = aim(photo, surface, { model, target }).map((value) => value * scale);
  const raster = rasterise(surface, places, size);
  const carried = { triangles: surface.triangles, values: surface.vertices };
  const source = new Float64Array(3);
  const columnOf = (pixel: number): number => {
    interpolate(raster, carried, { pixel, target: source });
    return source[0] ?? Number.NaN;
  };
  return { size, places, raster, columnOf };
}

/** Whether a place lies within the outline of the face. */
function isInOval(places: Float64Array, [x, y]: readonly [number, number]): boolean {
  let inside = false;
  OVAL.forEach((point, index) => {
    const before = OVAL.at(index - 1) ?? point;
    const [ax, ay] = [places[before * 3] ?? 0, places[before * 3 + 1] ?? 0];
    const [bx, by] = [places[point * 3] ?? 0, places[point * 3 + 1] ?? 0];
    if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
  });
  return inside;
}

describe('the surface of a head', () => {
  for (const [name, movements] of Object.entries(FACES).filter(([face]) => face !== 'surprised' && face !== 'sad')) {
    it(`does not fold at any pose that is asked, ${name}`, () => {
      for (const angles of TURNS) {
        const target = wantedOf(angles, movements);
        const moved = aim(photo, surface, { model, target });
        const rigid = aim(photo, surface, { model, target: { ...target, movements: photo.movements } });
        let folded = 0;
        for (let index = 0; index < model.triangles.length / 3; index++) {
          // What still faces the camera when the head turns must also do so when the face moves.
          if (triangleAt(rigid, index).facing < 0.25) continue;
          folded += Math.max(0, -triangleAt(moved, index).area);
        }
        assert.ok(folded / photo.pose.scale ** 2 < FOLDED, `${folded} square pixels at ${told(target)}`);
      }
    });

    it(`has no holes in the face at any pose that is asked, ${name}`, () => {
      for (const angles of TURNS.filter(({ roll }) => roll === 12)) {
        const target = wantedOf(angles, movements);
        const { size, places, raster } = drawSmall(target);
        let holes = 0;
        raster.part.forEach((part, pixel) => {
          if (part === 0 && isInOval(places, [pixel % size, Math.floor(pixel / size)])) holes += 1;
        });
        assert.equal(holes, 0, told(target));
      }
    });
  }

  it('shows what the photo saw in the order in which the photo has it, from left to right', () => {
    for (const angles of TURNS.filter(({ roll }) => roll === 0)) {
      const target = wantedOf(angles, photo.movements);
      const { size, raster, columnOf } = drawSmall(target);
      const isSeen = (pixel: number): boolean =>
        raster.part[pixel] === PART.face && triangleAt(photo.mesh, raster.triangle[pixel] ?? 0).facing > 0.1;
      let [backwards, pairs] = [0, 0];
      for (let pixel = 0; pixel < size * size - 1; pixel++) {
        if (!isSeen(pixel) || !isSeen(pixel + 1)) continue;
        pairs += 1;
        if (columnOf(pixel + 1) < columnOf(pixel) - 0.5) backwards += 1;
      }
      assert.ok(pairs > 1500 && backwards < 0.002 * pairs, `${backwards} of ${pairs} at ${told(target)}`);
    }
  });

  it('keeps the border of the photo where it is, so that nothing comes into the picture that was not photographed', () => {
    const places = aim(photo, surface, { model, target: wantedOf({ yaw: 24, pitch: 6, roll: 12 }, AT_REST) });
    let pinned = 0;
    surface.moves.forEach((weight, vertex) => {
      if (weight > 0) return;
      pinned += 1;
      for (const axis of [0, 1, 2]) assert.equal(places[vertex * 3 + axis], surface.vertices[vertex * 3 + axis]);
    });
    assert.ok(pinned >= 2 * OVAL.length, String(pinned));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  anglesOf,
  applyPose,
  MESH_POINTS,
  multiply,
  poseOf,
  rotationOf,
  transpose,
  undoPose,
  type HeadAngles,
  type HeadPose,
} from '../../../pipeline/draft/head.js';

/** Points of a head: as wide as it is deep, none of them on one plane. */
const REFERENCE = Float64Array.from({ length: MESH_POINTS * 3 }, (_, index) => Math.sin(index * 12.9898) * 0.6);

const GRID: readonly HeadAngles[] = [-80, -35, -12, 0, 7, 24, 60].flatMap((yaw) =>
  [-60, -14, 0, 9, 45].flatMap((pitch) => [-170, -40, 0, 12, 95].map((roll) => ({ yaw, pitch, roll }))),
);

const poseAt = (angles: HeadAngles): HeadPose => ({
  scale: 137.5,
  rotation: rotationOf(angles),
  shift: [301, 188, -42],
});

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, most: number): void {
  assert.equal(actual.length, expected.length);
  const worst = Array.from(expected).reduce(
    (sum, value, index) => Math.max(sum, Math.abs((actual[index] ?? Number.NaN) - value)),
    0,
  );
  assert.ok(worst <= most, `off by ${worst}`);
}

/** Where the pose puts a canonical point in the picture, from where it puts the origin. */
function wayOf(angles: HeadAngles, point: readonly [number, number, number]): readonly [number, number, number] {
  const [x = 0, y = 0, z = 0] = applyPose(
    { scale: 1, rotation: rotationOf(angles), shift: [0, 0, 0] },
    Float64Array.from(point),
  );
  return [x, y, z];
}

describe('the pose of a head', () => {
  it('is found in the picture of it', () => {
    for (const angles of GRID) {
      const pose = poseAt(angles);
      const found = poseOf(applyPose(pose, REFERENCE), REFERENCE);
      assertNear(found.rotation, pose.rotation, 1e-9);
      assertNear([found.scale, ...found.shift], [pose.scale, ...pose.shift], 1e-7);
    }
  });

  it('is found where the rest of the face has moved: only points that keep still count', () => {
    const pose = poseAt({ yaw: 15, pitch: -6, roll: 8 });
    const mesh = applyPose(pose, REFERENCE);
    // The inner lips.
    for (const point of [13, 14, 78, 308]) mesh[point * 3 + 1] = (mesh[point * 3 + 1] ?? 0) + 40;
    assertNear(poseOf(mesh, REFERENCE).rotation, pose.rotation, 1e-9);
  });

  it('is undone by undoPose', () => {
    for (const angles of GRID) {
      const pose = poseAt(angles);
      assertNear(undoPose(pose, applyPose(pose, REFERENCE)), REFERENCE, 1e-12);
    }
  });
});

describe('the angles of a head', () => {
  it('are those it was turned by', () => {
    for (const angles of GRID) {
      const { yaw, pitch, roll } = anglesOf({ rotation: rotationOf(angles) });
      assertNear([yaw, pitch, roll], [angles.yaw, angles.pitch, angles.roll], 1e-9);
    }
  });

  it('turn the nose to the right, up, and the crown to the right where they are above 0', () => {
    const still = { yaw: 0, pitch: 0, roll: 0 };
    const [nose, crown] = [[0, 0, -1] as const, [0, -1, 0] as const];
    assert.ok(wayOf({ ...still, yaw: 20 }, nose)[0] > 0.3);
    assert.ok(wayOf({ ...still, pitch: 20 }, nose)[1] < -0.3);
    assert.ok(wayOf({ ...still, roll: 20 }, crown)[0] > 0.3);
  });

  it('are of a rotation, which its transpose undoes', () => {
    for (const angles of GRID) {
      const rotation = rotationOf(angles);
      assertNear(multiply(rotation, transpose(rotation)), [1, 0, 0, 0, 1, 0, 0, 0, 1], 1e-12);
    }
  });
});

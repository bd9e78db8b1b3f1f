import { appearanceFile, loadBundle } from '../../pipeline/bundle.js';
import { readAppearanceModel, readMovements, type Movements } from '../../pipeline/draft/appearance.js';
import { readFaceMesh } from '../../pipeline/draft/face-mesh.js';
import { anglesOf, poseOf, undoPose } from '../../pipeline/draft/head.js';
import type { Expression } from '../../pipeline/face/face.js';
import { openGraphs } from '../../pipeline/graphs.js';
import type { FaceReader } from '../../src/cli/evaluate/face-reader.js';

/** A movement is seen from this part of what people show on average when they do it. */
const SHOWN = 0.4;

/** What the face mesh of a bundle sees, by whose points its drafts are drawn; nothing where its portraits begin otherwise. */
export async function openMeshReader(directory: string): Promise<FaceReader | undefined> {
  const bundle = await loadBundle(directory);
  const file = appearanceFile(bundle);
  if (file === undefined) return undefined;
  const [graphs, model] = await Promise.all([openGraphs(bundle, { memory: 'one' }), readAppearanceModel(file)]);
  return {
    name: 'mesh',
    read: async (image, face) => {
      const { points } = await readFaceMesh(graphs, image, face);
      const pose = poseOf(points, model.reference);
      return { yaw: anglesOf(pose).yaw, expression: expressionOf(readMovements(model, undoPose(pose, points))) };
    },
  };
}

function expressionOf({ smile, grin, surprise, sadness }: Movements): Expression {
  const shown: [Expression, number][] = [
    ['happy', smile + grin],
    ['surprised', surprise],
    ['sad', sadness],
  ];
  const [label, amount] = shown.reduce((best, other) => (other[1] > best[1] ? other : best));
  return amount > SHOWN ? label : 'neutral';
}

import { appearanceFile, loadBundle } from '../../pipeline/bundle.js';
import { readAppearanceModel } from '../../pipeline/draft/appearance.js';
import { readFaceMesh } from '../../pipeline/draft/face-mesh.js';
import { anglesOf, poseOf } from '../../pipeline/draft/head.js';
import { openGraphs } from '../../pipeline/graphs.js';
import type { FaceReader } from '../../src/cli/evaluate/face-reader.js';

/**
 * To which side the face mesh of a bundle sees heads turned, by whose points its drafts are drawn; nothing where its
 * portraits begin otherwise. Of expressions it is no reader: what it reads of a mouth that is wide open is a grin.
 */
export async function openMeshReader(directory: string): Promise<FaceReader | undefined> {
  const bundle = await loadBundle(directory);
  const file = appearanceFile(bundle);
  if (file === undefined) return undefined;
  const [graphs, { reference }] = await Promise.all([openGraphs(bundle, { memory: 'one' }), readAppearanceModel(file)]);
  return {
    name: 'mesh',
    read: async (image, face) => ({
      yaw: anglesOf(poseOf((await readFaceMesh(graphs, image, face)).points, reference)).yaw,
    }),
  };
}

import { MESH_POINTS } from './head.js';

/** Where the vertices of a surface are joined, and those that lie on points of the face: see `Surface`. */
export interface JoinedVertices {
  readonly triangles: Int32Array;
  readonly twins: Int32Array;
}

/** How much each vertex of a surface faces the camera, -1..1: the z of its normal, the mean over its triangles by area. */
export function facing({ triangles, twins }: JoinedVertices, places: Float64Array): Float64Array {
  const normals = new Float64Array(places.length);
  const original = (vertex: number): number => twins[vertex - MESH_POINTS] ?? vertex;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [(triangles[at] ?? 0) * 3, (triangles[at + 1] ?? 0) * 3, (triangles[at + 2] ?? 0) * 3];
    const side = (from: number, to: number): readonly [number, number, number] => [
      (places[to] ?? 0) - (places[from] ?? 0),
      (places[to + 1] ?? 0) - (places[from + 1] ?? 0),
      (places[to + 2] ?? 0) - (places[from + 2] ?? 0),
    ];
    const [u, v] = [side(a, b), side(a, c)];
    const normal = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    for (let corner = at; corner < at + 3; corner++) {
      const first = original(triangles[corner] ?? 0) * 3;
      for (let axis = 0; axis < 3; axis++) normals[first + axis] = (normals[first + axis] ?? 0) + (normal[axis] ?? 0);
    }
  }
  return Float64Array.from({ length: places.length / 3 }, (_, each) => {
    const vertex = original(each);
    const [x, y, z] = [normals[vertex * 3] ?? 0, normals[vertex * 3 + 1] ?? 0, normals[vertex * 3 + 2] ?? 0];
    return z / (Math.hypot(x, y, z) + 1e-12);
  });
}

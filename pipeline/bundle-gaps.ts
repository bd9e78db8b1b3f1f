import type { GraphEntry, Manifest } from './bundle-manifest.js';
import { takesOneFace } from './identity/mff.js';

/** A value that goes into a graph or comes out of it. */
type Port = GraphEntry['inputs'][number];

/** What the program itself gives to graphs, and its shape where the manifest says it. */
type Given = ReadonlyMap<string, readonly number[] | undefined>;

/**
 * What a bundle lacks for its graphs to run one after another, a sentence each: inputs that nothing gives, outputs that are
 * not there, shapes that do not meet. Empty for a bundle that can be served.
 */
export function bundleGaps(manifest: Manifest): string[] {
  const { vision_encoder: vision, identity, text_encoder: text, unet, encoder, decoder } = manifest.graphs;
  const { references, latents, diffusion, image } = manifest;
  const { batch } = diffusion;
  const noise = [batch, latents.channels, latents.size, latents.size];
  const pictures = [batch, 3, image.size, image.size];
  const faces = takesOneFace(vision) ? 1 : references.count;
  const person = given(identity.outputs);
  const words = given(text.outputs);
  return [
    ...missing('vision_encoder', vision, new Map([['images', [faces, 3, references.size, references.size]]])),
    ...absent('vision_encoder', vision, new Map([['patch_tokens', undefined]])),
    ...missing('identity', identity, mixed(vision, references.count)),
    ...missing('text_encoder', text, new Map([...person, ['input_ids', [1, manifest.text.length]]])),
    ...missing('unet', unet, new Map([...person, ...words, ...steps(noise, manifest.draft !== undefined && !encoder)])),
    ...absent('unet', unet, new Map([['prediction', noise]])),
    ...(encoder ? missing('encoder', encoder, new Map([['image', pictures]])) : []),
    ...(encoder ? absent('encoder', encoder, new Map([['latents', noise]])) : []),
    ...(decoder ? missing('decoder', decoder, new Map([['latents', noise]])) : []),
    ...(decoder ? absent('decoder', decoder, new Map([['image', pictures]])) : []),
  ];
}

function given(ports: readonly Port[]): Given {
  return new Map(ports.map(({ name, shape }) => [name, shape.map(Number)]));
}

/** What is made of the vision encoder's outputs for N faces; see `encodeIdentity`. */
function mixed({ outputs }: GraphEntry, faces: number): Given {
  const known = given(outputs);
  const [, tokens = 0, width = 0] = known.get('patch_tokens') ?? [];
  const classes = known.get('class_embedding');
  return new Map<string, readonly number[] | undefined>([
    ['patch_tokens', known.has('patch_tokens') ? [1, faces * tokens, width] : undefined],
    ...(classes ? [['class_embedding', [1, ...classes.slice(1)]] as const] : []),
    ['face_embedding', [1, ...(known.get('face_embedding')?.slice(1) ?? [512])]],
    ['conditioned', [1]],
  ]);
}

/** What changes from step to step, and a draft where portraits begin as one. */
function steps(noise: readonly number[], drafts: boolean): Given {
  return new Map<string, readonly number[] | undefined>([
    ['latents', noise],
    ['timestep', [1]],
    ['beta', [1]],
    ...(drafts ? [['draft', undefined] as const] : []),
  ]);
}

function missing(graph: string, { inputs }: GraphEntry, from: Given): string[] {
  return inputs.flatMap(({ name, shape }) => {
    if (!from.has(name)) return [`${graph} takes ${name}, which nothing gives`];
    const expected = from.get(name);
    return expected === undefined || same(shape, expected)
      ? []
      : [`${graph} takes ${name} as ${listed(shape)}, and gets ${listed(expected)}`];
  });
}

function absent(graph: string, { outputs }: GraphEntry, wanted: Given): string[] {
  return [...wanted].flatMap(([name, expected]) => {
    const port = outputs.find((output) => output.name === name);
    if (!port) return [`${graph} does not give ${name}`];
    return expected === undefined || same(port.shape, expected)
      ? []
      : [`${graph} gives ${name} as ${listed(port.shape)}, not ${listed(expected)}`];
  });
}

function same(shape: Port['shape'], expected: readonly number[]): boolean {
  return shape.length === expected.length && shape.every((size, index) => size === expected[index]);
}

function listed(shape: readonly (number | string)[]): string {
  return `[${shape.join(', ')}]`;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  ALL_GRAPHS,
  manifestSchema,
  styleOf,
  type GraphEntry,
  type GraphName,
  type Manifest,
  type StoredFile,
} from './bundle-manifest.js';
import { LikenessError } from './errors.js';

/** The file that makes a folder a bundle. */
export const MANIFEST_FILE = 'manifest.json';

/** A model whose files are all there and all what the manifest says they are. */
export interface Bundle {
  readonly directory: string;
  readonly manifest: Manifest;
  /** The parsed `tokenizer.json`. */
  readonly tokenizer: object;
}

/**
 * Reads a bundle and checks it: the manifest against its schema, every graph and the tokenizer against their sha256.
 * @throws LikenessError `bundle-missing` (a file is not there), `bundle-invalid` (the manifest does not say what it must)
 * or `bundle-corrupt` (a file is not the one the manifest names).
 */
export async function loadBundle(directory: string): Promise<Bundle> {
  const manifest = await loadManifest(directory);
  const [tokenizer] = await Promise.all([
    loadTokenizer(directory, manifest),
    ...storedFiles(manifest).map((file) => checkFile(directory, file)),
  ]);
  return { directory, manifest, tokenizer };
}

/** A file of a bundle and what it must be; the tokenizer's size is not said. */
export interface BundleFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes?: number;
}

/** Every file of a bundle but its manifest. */
export function bundleFiles(manifest: Manifest): readonly BundleFile[] {
  const tokenizer = { file: manifest.text.tokenizer, sha256: manifest.tokenizerSha256 };
  return [tokenizer, ...storedFiles(manifest)];
}

/** The files of all graphs, those with weights beside them included, and what a draft is made with. */
function storedFiles({ graphs, renderers, draft }: Manifest): readonly StoredFile[] {
  const entries = [...Object.values(graphs), ...Object.values(renderers)].filter((graph) => graph !== undefined);
  const files = entries.flatMap(({ data, ...graph }) => [graph, ...(data ? [data] : [])]);
  return draft ? [...files, draft.appearance] : files;
}

/** What the manifest says about a graph, and undefined when the bundle has none of that name. */
export function graphEntry(
  { graphs, renderers }: Pick<Manifest, 'graphs' | 'renderers'>,
  name: GraphName,
): GraphEntry | undefined {
  const known = ALL_GRAPHS.find((each) => each === name);
  return known === undefined ? renderers[styleOf(name)] : graphs[known];
}

/** Where a graph of a bundle is, and undefined when the bundle has none of that name. */
export function graphFile({ directory, manifest }: Bundle, name: GraphName): string | undefined {
  const entry = graphEntry(manifest, name);
  return entry && join(directory, entry.file);
}

/** Where the appearance model of a bundle's drafts is; nothing where its portraits do not begin as drafts. */
export function appearanceFile({ directory, manifest }: Bundle): string | undefined {
  return manifest.draft && join(directory, manifest.draft.appearance.file);
}

/** Reads and checks the manifest alone, in a few milliseconds: what a bundle is, before its graphs are hashed. */
export async function loadManifest(directory: string): Promise<Manifest> {
  return readManifest(await readBundleFile(directory, MANIFEST_FILE));
}

/** The manifest in the bytes of its file; throws `bundle-invalid`, naming the field that is wrong. */
export function readManifest(bytes: Uint8Array): Manifest {
  const parsed = manifestSchema.safeParse(parseJson(bytes, MANIFEST_FILE));
  if (!parsed.success) throw new LikenessError('bundle-invalid', { problem: firstProblem(parsed.error) });
  return parsed.data;
}

function firstProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join('.') || MANIFEST_FILE}: ${issue.message}` : error.message;
}

async function loadTokenizer(directory: string, manifest: Manifest): Promise<object> {
  const file = manifest.text.tokenizer;
  const bytes = await readBundleFile(directory, file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== manifest.tokenizerSha256) throw new LikenessError('bundle-corrupt', { file });
  const parsed = z.looseObject({}).safeParse(parseJson(bytes, file));
  if (!parsed.success) throw new LikenessError('bundle-invalid', { problem: `${file}: expected an object` });
  return parsed.data;
}

/**
 * Compares a file of a bundle with what its manifest says.
 * @throws LikenessError `bundle-missing` or `bundle-corrupt`.
 */
export async function checkFile(directory: string, { file, bytes, sha256 }: BundleFile): Promise<void> {
  const path = join(directory, file);
  const { size } = await stat(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
  if ((bytes !== undefined && size !== bytes) || (await hashFile(path)) !== sha256)
    throw new LikenessError('bundle-corrupt', { file });
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

async function readBundleFile(directory: string, file: string): Promise<Uint8Array> {
  const path = join(directory, file);
  return readFile(path).catch((cause: unknown) => {
    throw missing(path, cause);
  });
}

function missing(path: string, cause: unknown): LikenessError {
  return new LikenessError('bundle-missing', { path }, { cause });
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new LikenessError('bundle-invalid', { problem: `${file}: not JSON` }, { cause });
  }
}

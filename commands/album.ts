import type { JobDraft } from '../src/jobs/job.js';
import type { CommandCall } from './command.js';

/** The longest prompt, presets included, in characters. */
export const MAX_PROMPT = 300;
/** Likeness strength unless said otherwise, 0..100. */
export const DEFAULT_STRENGTH = 80;

/** Any of the seeds there are. */
export function randomSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** Hands a draft to the queue; photos that the job does not name, or for which there is none, are wiped. */
export async function submitAlbum(
  draft: JobDraft,
  { invocation, services }: Pick<CommandCall, 'invocation' | 'services'>,
): Promise<void> {
  let kept: readonly string[] = [];
  try {
    kept = (await services.jobs.submit(draft, invocation.standing)).job.photos;
  } finally {
    const unused = draft.photos.filter((id) => !kept.includes(id));
    if (unused.length > 0) await services.photos.wipe(unused);
  }
}

import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import { LEASE } from './ending.js';
import type { JobStore } from './store.js';

/** What an earlier run left, and who is told of it. */
export interface RestoreParts {
  readonly store: JobStore;
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly log: Logger;
}

/** Readies what an earlier run left: each platform is told whom it still has to answer. */
export async function restoreJobs({ store, platforms, log }: RestoreParts): Promise<void> {
  const { running, waiting } = await store.active();
  if (running.length + waiting.length === 0) return;
  log.info({ running: running.length, waiting: waiting.length }, 'taking up jobs');
  for (const job of [...running, ...waiting]) {
    const platform = platforms.get(job.member.platform);
    if (platform) {
      platform.restore?.(job.address);
      continue;
    }
    log.warn({ job: job.id, platform: job.member.platform }, 'dropped: its platform is switched off');
    const holder = randomUUID();
    if ((await store.cancel(job.id, holder, LEASE)) === 'held') await store.finish(job.id, holder, 'cancelled');
  }
}

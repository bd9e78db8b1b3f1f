import type { TelegramAddress } from './address.js';

/** How often Telegram is told that somebody's album is being made; it shows that for five seconds. */
const INTERVAL = 5000;
/** Renewals without a word from the job, after which it is believed to be somebody else's. */
const MAX_SILENT = 24;

/** Shows, for as long as a job is worked on, that pictures are on their way. */
export interface UploadIndicator {
  /** The job is being worked on. */
  sign(to: TelegramAddress, jobId: string): void;
  /** The job is not worked on any more. */
  end(jobId: string): void;
  /** For stopping. */
  endAll(): void;
}

interface Shown {
  readonly timer: NodeJS.Timeout;
  silent: number;
}

/** `show` tells Telegram once; it is neither waited for nor repeated. */
export function createUploadIndicator(show: (to: TelegramAddress) => Promise<void>): UploadIndicator {
  const jobs = new Map<string, Shown>();
  const end = (jobId: string): void => {
    clearInterval(jobs.get(jobId)?.timer);
    jobs.delete(jobId);
  };
  const begin = (to: TelegramAddress, jobId: string): void => {
    const tell = (): void => {
      const shown = jobs.get(jobId);
      if (!shown || shown.silent++ >= MAX_SILENT) return end(jobId);
      void show(to).catch(() => end(jobId));
    };
    jobs.set(jobId, { timer: setInterval(tell, INTERVAL).unref(), silent: 0 });
    tell();
  };
  return {
    sign(to, jobId) {
      const shown = jobs.get(jobId);
      if (shown) shown.silent = 0;
      else begin(to, jobId);
    },
    end,
    endAll() {
      for (const jobId of jobs.keys()) end(jobId);
    },
  };
}

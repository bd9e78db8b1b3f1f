import { SingleBar } from 'cli-progress';

/** Shows how far a piece of work is. */
export interface ProgressLine {
  /** `done` of `total`; `label` says what is being done. */
  update(done: number, total: number, label: string): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere one plain line for each tenth of the work. */
export function createProgressLine(stream: NodeJS.WritableStream & { readonly isTTY?: boolean }): ProgressLine {
  return stream.isTTY === true ? createBar(stream) : createPlainLines(stream);
}

function createBar(stream: NodeJS.WritableStream): ProgressLine {
  const bar = new SingleBar({
    stream,
    format: '{bar} {percentage} %  {label}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    clearOnComplete: true,
    hideCursor: true,
    gracefulExit: false,
  });
  return {
    update(done, total, label) {
      if (!bar.isActive) bar.start(total, done, { label });
      bar.setTotal(total);
      bar.update(done, { label });
    },
    stop: () => bar.stop(),
  };
}

function createPlainLines(stream: NodeJS.WritableStream): ProgressLine {
  let last = -1;
  return {
    update(done, total, label) {
      const tenth = Math.floor((done / Math.max(1, total)) * 10);
      if (tenth <= last) return;
      last = tenth;
      stream.write(`${tenth * 10} % ${label}\n`);
    },
    stop: () => undefined,
  };
}

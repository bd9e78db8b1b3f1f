/** Runs pieces of work one at a time, in the order they come, whether or not those before them fail. */
export interface Serial {
  <Value>(work: () => Promise<Value>): Promise<Value>;
  /** Resolves when nothing that came until now is left to do. */
  settled(): Promise<void>;
}

/** A queue of one lane: for what reads something, changes it and writes it back. */
export function createSerial(): Serial {
  let last: Promise<unknown> = Promise.resolve();
  const run = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return Object.assign(run, { settled: async () => void (await last) });
}

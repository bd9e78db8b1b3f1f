/** Runs work with limits: one piece of each owner's at a time, and so many of everyone's together; the rest waits its turn. */
export interface Lanes {
  run<Value>(owner: string, work: () => Promise<Value>): Promise<Value>;
}

export function createLanes(together: number): Lanes {
  const last = new Map<string, Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let free = together;
  const enter = async (): Promise<void> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => void waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  const inLane = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
  return {
    run(owner, work) {
      const done = (last.get(owner) ?? Promise.resolve()).then(() => inLane(work));
      const over: Promise<unknown> = done
        .catch(() => undefined)
        .finally(() => {
          if (last.get(owner) === over) last.delete(owner);
        });
      last.set(owner, over);
      return done;
    },
  };
}

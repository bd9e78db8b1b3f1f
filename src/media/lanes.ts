/** Runs work with limits: one piece of each owner's at a time, and so much of everyone's together; the rest waits its turn. */
export interface Lanes {
  /** `weight` is the part of what there is together that this piece takes up. */
  run<Value>(owner: string, work: () => Promise<Value>, weight?: number): Promise<Value>;
}

interface Waiting {
  readonly weight: number;
  readonly begin: () => void;
}

export function createLanes(together: number): Lanes {
  const last = new Map<string, Promise<unknown>>();
  const waiting: Waiting[] = [];
  let free = together;
  const advance = (): void => {
    for (let next = waiting[0]; next && next.weight <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.weight;
      next.begin();
    }
  };
  const inLane = async <Value>(work: () => Promise<Value>, weight: number): Promise<Value> => {
    await new Promise<void>((begin) => {
      waiting.push({ weight, begin });
      advance();
    });
    try {
      return await work();
    } finally {
      free += weight;
      advance();
    }
  };
  return {
    run(owner, work, weight = 1) {
      const done = (last.get(owner) ?? Promise.resolve()).then(() => inLane(work, weight));
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

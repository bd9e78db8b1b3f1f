/** Everything one process does to what outlives it; when the process dies, nothing it does reaches the outside any more. */
export interface Mortal {
  /** The same object, whose every method that promises something is an act of this process. */
  wrap<Outside extends object>(outside: Outside): Outside;
  /** Lets the process die at its `act`-th act from now: before that act is carried out, or after it and before its answer. */
  doom(act: number, when: 'before' | 'after'): void;
  kill(): void;
  readonly dead: boolean;
  /** Resolves when the process has died. */
  readonly death: Promise<void>;
}

/** A process that lives until it is killed or its doom is reached. */
export function createMortal(): Mortal {
  let dead = false;
  let doom: { left: number; readonly when: 'before' | 'after' } | undefined;
  let die: () => void = () => undefined;
  const death = new Promise<void>((resolve) => (die = resolve));
  const kill = (): void => {
    dead = true;
    die();
  };
  /** Nobody is there to go on. */
  const never = (): Promise<never> => new Promise(() => undefined);
  const act = async (run: () => unknown): Promise<unknown> => {
    if (dead) return never();
    const last = doom !== undefined && --doom.left <= 0;
    if (last && doom?.when === 'before') {
      kill();
      return never();
    }
    try {
      return await run();
    } finally {
      if (last) kill();
      if (dead) await never();
    }
  };
  return {
    wrap: (outside) =>
      new Proxy(outside, {
        get(target, name) {
          const found: unknown = Reflect.get(target, name, target);
          if (typeof found !== 'function') return found;
          return (...given: unknown[]) => act(() => Reflect.apply(found, target, given));
        },
      }),
    doom(left, when) {
      doom = { left, when };
    },
    kill,
    get dead() {
      return dead;
    },
    death,
  };
}

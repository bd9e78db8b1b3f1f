/** A map whose entries belong to a member each, and are let go after a while or when there are too many. Not an LRU cache: it
 * is the oldest that goes, and weights change while things are kept. */
export interface ExpiringMap<Value> {
  set(id: string, owner: string, value: Value): void;
  get(id: string): Value | undefined;
  /** Hands out what is kept and keeps it no longer. */
  take(id: string): Value | undefined;
  /** Everything kept for a member. */
  of(owner: string): Value[];
  forget(owner: string): void;
  clear(): void;
}

export interface ExpiringMapOptions<Value> {
  /** Milliseconds a thing is kept. */
  readonly life: number;
  /** Milliseconds. */
  readonly now: () => number;
  /** How much one thing counts towards `limit`, which may change while it is kept: for few things, all of them are asked. 1 unless said. */
  readonly weight?: (value: Value) => number;
  /** Above this weight the oldest are let go. */
  readonly limit: number;
  /** Called for each thing that is let go, other than by `take`. */
  readonly wipe?: (value: Value) => void;
}

interface Entry<Value> {
  readonly owner: string;
  readonly value: Value;
  readonly until: number;
}

export function createExpiringMap<Value>(options: ExpiringMapOptions<Value>): ExpiringMap<Value> {
  const { life, now, limit, weight, wipe = () => undefined } = options;
  const entries = new Map<string, Entry<Value>>();

  let timer: NodeJS.Timeout | undefined;

  const drop = (id: string): Value | undefined => {
    const entry = entries.get(id);
    if (!entry) return undefined;
    entries.delete(id);
    return entry.value;
  };
  const letGo = (id: string): void => {
    const value = drop(id);
    if (value !== undefined) wipe(value);
  };
  /** A clock that was set back may have let something end before what came before it. */
  const live = (id: string): Entry<Value> | undefined => {
    const entry = entries.get(id);
    return entry && entry.until > now() ? entry : undefined;
  };
  const weigh = (): number => {
    if (!weight) return entries.size;
    let total = 0;
    for (const { value } of entries.values()) total += weight(value);
    return total;
  };
  /** The oldest come first, and all live equally long: what follows one that stays is not looked at. */
  const prune = (): void => {
    const [time, total] = [now(), weigh()];
    let over = total - limit;
    for (const [id, { until, value }] of entries) {
      if (until > time && over <= 0) return;
      over -= weight?.(value) ?? 1;
      letGo(id);
    }
  };
  /** What nobody asks for any more is let go as well. */
  const watch = (): void => {
    const [oldest] = entries.values();
    // A clock that was set back lets nothing be watched for longer than it lives.
    timer = oldest && setTimeout(letGoOld, Math.min(life, oldest.until - now())).unref();
  };
  const letGoOld = (): void => {
    prune();
    watch();
  };
  return {
    set(id, owner, value) {
      letGo(id);
      entries.set(id, { owner, value, until: now() + life });
      prune();
      if (!timer) watch();
    },
    get(id) {
      prune();
      return live(id)?.value;
    },
    take(id) {
      prune();
      return live(id) && drop(id);
    },
    of: (owner) => [...entries.values()].filter((entry) => entry.owner === owner).map(({ value }) => value),
    forget(owner) {
      for (const [id, entry] of entries) if (entry.owner === owner) letGo(id);
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      for (const id of entries.keys()) letGo(id);
    },
  };
}

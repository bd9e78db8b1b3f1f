/** Sends the newest of many values, at most once an interval, never two at once. */
export interface Coalescer<Value> {
  push(value: Value): void;
  /** Takes no more values, drops the one that waits, and resolves when none is on its way. */
  end(): Promise<void>;
}

export interface CoalescerOptions<Value> {
  /** Milliseconds between the starts of two sends. */
  readonly interval: number;
  /** Its rejections are the sender's business: they end nothing here. */
  send(value: Value): Promise<void>;
}

/** The first value goes out at once; of the later ones the newest, when the interval is over. */
export function createCoalescer<Value>({ interval, send }: CoalescerOptions<Value>): Coalescer<Value> {
  let next: { readonly value: Value } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let ended = false;

  const flush = (): void => {
    timer = undefined;
    if (!next) return;
    const { value } = next;
    next = undefined;
    timer = setTimeout(flush, interval);
    sending = sending.then(() => send(value)).catch(() => undefined);
  };
  return {
    push(value) {
      if (ended) return;
      next = { value };
      if (timer === undefined) flush();
    },
    async end() {
      ended = true;
      next = undefined;
      clearTimeout(timer);
      await sending;
    },
  };
}

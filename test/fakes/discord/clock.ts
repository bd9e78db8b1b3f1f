/** Time that passes only when a test says so, so that deadlines of minutes are tested in no time. */
export class VirtualClock {
  #now: number;
  #serial = 0;

  constructor(start = Date.UTC(2026, 0, 5, 12)) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** A fresh id as Discord makes them: the time since 2015 in its upper bits, more than a JavaScript number holds. */
  snowflake(): string {
    const since = BigInt(this.#now - Date.UTC(2015, 0, 1));
    return ((since << 22n) | BigInt(this.#serial++ % 4_194_304)).toString();
  }
}

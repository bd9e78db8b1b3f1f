/** Those who wait until something is to be seen, and look again whenever something happened. */
export class Watchers {
  readonly #looks = new Set<() => void>();

  /** Resolves with what `look` finds, as soon as it finds something. */
  until<Found>(look: () => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const watch = (): void => {
        const found = look();
        if (found === undefined) return;
        this.#looks.delete(watch);
        resolve(found);
      };
      this.#looks.add(watch);
      watch();
    });
  }

  /** Something happened. */
  look(): void {
    for (const watch of this.#looks) watch();
  }
}

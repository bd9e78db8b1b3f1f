/** Why requests cannot be fulfilled at the moment. */
export type Hindrance = 'loading' | 'draining' | 'engine-down' | 'discord-down' | 'telegram-down' | 'redis-down';

/** What a load balancer, a container runtime or an operator may ask: is the program ready? */
export interface Health {
  /** Nothing hinders while this is empty. */
  readonly hindrances: readonly Hindrance[];
  hinder(by: Hindrance): void;
  clear(hindrance: Hindrance): void;
}

/** What takes in whether something the program needs is there, and says that it hinders while it is not. */
export function watchFor(health: Health | undefined, hindrance: Hindrance): (there: boolean) => void {
  return (there) => (there ? health?.clear(hindrance) : health?.hinder(hindrance));
}

/** A program that begins by loading. */
export function createHealth(): Health {
  const hindrances = new Set<Hindrance>(['loading']);
  return {
    get hindrances() {
      return [...hindrances];
    },
    hinder: (by) => void hindrances.add(by),
    clear: (hindrance) => void hindrances.delete(hindrance),
  };
}

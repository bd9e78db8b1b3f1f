/** How much is measured: all of it, or just enough to see that the measurement works. */
export interface Scale {
  readonly quick: boolean;
}

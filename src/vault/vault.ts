/** Longest life of a photo nobody wiped, in milliseconds. */
export const PHOTO_LIFETIME = 30 * 60_000;

/** Short-lived keeping of photos between their intake and the delivery of the album made from them. */
export interface Vault {
  /** Takes the bytes over, overwrites the array, and answers their id. */
  put(bytes: Uint8Array): Promise<string>;
  /** A copy of the bytes of an id, which the caller owns and overwrites; undefined once wiped or expired. */
  get(id: string): Promise<Uint8Array | undefined>;
  /** Overwrites and forgets; unknown ids are fine. */
  wipe(ids: readonly string[]): Promise<void>;
  /** Lets go: what cannot outlive this process is wiped, the rest waits for the next one. */
  close(): Promise<void>;
}

/** A vault that only one process has. */
export interface LocalVault extends Vault {
  /** Number of entries held. */
  readonly size: number;
}

/** Short-lived keeping of photos between their intake and the delivery of the album made from them. */
export interface Vault {
  /** Takes the bytes over and answers their id. */
  put(bytes: Uint8Array): string;
  /** The bytes of an id, still owned by the vault; undefined once wiped or expired. */
  get(id: string): Uint8Array | undefined;
  /** Overwrites and forgets; unknown ids are fine. */
  wipe(ids: readonly string[]): void;
  /** Number of entries held. */
  readonly size: number;
  /** Wipes everything. */
  close(): void;
}

import type { Attachment } from '../chat/invocation.js';
import { LikenessError } from '../errors.js';
import type { Vault } from '../vault/vault.js';
import { checkPhotoSize, cleanPhoto } from './intake.js';
import { createLanes } from './lanes.js';

/** Photos fetched at a time, and of these decoded: a large one takes 270 MiB meanwhile, and an album longer than any. */
const FETCHED = 8;
const DECODED = 1;

/** Limits how many photos of somebody's are read in vain. */
export interface PhotoRefusals {
  /** @throws LikenessError `limit-photos` where there were too many. */
  check(owner: string): Promise<void>;
  /** Called when a photo was refused after it was read. */
  count(owner: string): Promise<void>;
}

/** Where attachments become photos that a job can take. */
export interface PhotoBox {
  /**
   * Reads an attachment of somebody's into a clean photo kept for a short while, and answers its id there; their next one waits.
   * @throws LikenessError `limit-photos`, and those of `cleanPhoto`.
   */
  keep(attachment: Attachment, owner: string): Promise<string>;
  wipe(ids: readonly string[]): Promise<void>;
}

/** Reads attachments through the intake into a vault; what the platform handed over is overwritten afterwards. */
export function createPhotoBox(vault: Vault, refusals: PhotoRefusals): PhotoBox {
  const lanes = createLanes(FETCHED);
  const decoding = createLanes(DECODED);
  const clean = async (raw: Uint8Array, owner: string): Promise<Uint8Array> => {
    try {
      return await decoding.run(owner, () => cleanPhoto(raw));
    } catch (error) {
      if (error instanceof LikenessError) await refusals.count(owner);
      throw error;
    }
  };
  const read = async (attachment: Attachment, owner: string): Promise<string> => {
    await refusals.check(owner);
    const raw = await attachment.read();
    try {
      return await vault.put(await clean(raw, owner));
    } finally {
      raw.fill(0);
    }
  };
  return {
    async keep(attachment, owner) {
      checkPhotoSize(attachment.size);
      return lanes.run(owner, () => read(attachment, owner));
    },
    wipe: (ids) => vault.wipe(ids),
  };
}

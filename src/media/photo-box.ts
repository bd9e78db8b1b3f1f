import type { Attachment } from '../chat/invocation.js';
import type { Vault } from '../vault/vault.js';
import { checkPhotoSize, cleanPhoto } from './intake.js';
import { createLanes } from './lanes.js';

/** Photos read at a time: each may take the memory of a large picture. */
const TOGETHER = 8;

export interface PhotoBox {
  /** Reads an attachment of somebody's into a clean photo kept for a short while, and answers its id there; their next one waits. */
  keep(attachment: Attachment, owner: string): Promise<string>;
  wipe(ids: readonly string[]): Promise<void>;
}

/** Reads attachments through the intake into a vault; what the platform handed over is overwritten afterwards. */
export function createPhotoBox(vault: Vault): PhotoBox {
  const lanes = createLanes(TOGETHER);
  const read = async (attachment: Attachment): Promise<string> => {
    const raw = await attachment.read();
    try {
      return await vault.put(await cleanPhoto(raw));
    } finally {
      raw.fill(0);
    }
  };
  return {
    async keep(attachment, owner) {
      checkPhotoSize(attachment.size);
      return lanes.run(owner, () => read(attachment));
    },
    wipe: (ids) => vault.wipe(ids),
  };
}

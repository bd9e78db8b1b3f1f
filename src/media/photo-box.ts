import type { Attachment } from '../chat/invocation.js';
import type { Vault } from '../vault/vault.js';
import { checkPhotoSize, cleanPhoto } from './intake.js';

/** Reads an attachment into a clean photo kept for a short while, and answers its id there. */
export interface PhotoBox {
  keep(attachment: Attachment): Promise<string>;
  wipe(ids: readonly string[]): Promise<void>;
}

/** Reads attachments through the intake into a vault; what the platform handed over is overwritten afterwards. */
export function createPhotoBox(vault: Vault): PhotoBox {
  return {
    async keep(attachment) {
      checkPhotoSize(attachment.size);
      const raw = await attachment.read();
      try {
        return await vault.put(await cleanPhoto(raw));
      } finally {
        raw.fill(0);
      }
    },
    wipe: (ids) => vault.wipe(ids),
  };
}

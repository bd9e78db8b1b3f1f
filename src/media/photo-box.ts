import type { PhotoBox } from '../../commands/command.js';
import type { Vault } from '../vault/vault.js';
import { checkPhotoSize, cleanPhoto } from './intake.js';

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

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Where the time of expiry stands, milliseconds since 1970 as a big-endian integer. */
export const EXPIRY_BYTES = 8;
const HEADER_BYTES = EXPIRY_BYTES + NONCE_BYTES + TAG_BYTES;

/** What is said about a photo besides its bytes; bound to them, so that neither can be exchanged. */
export interface SealedWith {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** Encrypts with AES-256-GCM: expiry, nonce, tag, ciphertext. */
export function seal(bytes: Uint8Array, key: Uint8Array, { id, expires }: SealedWith): Buffer {
  const expiry = Buffer.alloc(EXPIRY_BYTES);
  expiry.writeBigUInt64BE(BigInt(expires));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.concat([expiry, Buffer.from(id)]));
  const hidden = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([expiry, nonce, cipher.getAuthTag(), hidden]);
}

/** Decrypts what `seal` made; undefined when it is damaged or was made under another key or id. */
export function unseal(sealed: Buffer, key: Uint8Array, id: string): Uint8Array | undefined {
  if (sealed.length < HEADER_BYTES) return undefined;
  const expiry = sealed.subarray(0, EXPIRY_BYTES);
  const nonce = sealed.subarray(EXPIRY_BYTES, EXPIRY_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.concat([expiry, Buffer.from(id)]));
  decipher.setAuthTag(sealed.subarray(EXPIRY_BYTES + NONCE_BYTES, HEADER_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(HEADER_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** When a sealed photo's life is over, from its first bytes; 0 when there are too few. */
export function expiryOf(sealed: Buffer): number {
  return sealed.length < EXPIRY_BYTES ? 0 : Number(sealed.readBigUInt64BE());
}

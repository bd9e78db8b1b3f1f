/** Milliseconds for what is still on its way out when all work is done. */
const GRACE = 5000;

/** Ends the process once its work is done, also where a library goes on trying to reach a platform that is gone. */
export function endAfterGrace(): void {
  setTimeout(() => process.exit(), GRACE).unref();
}

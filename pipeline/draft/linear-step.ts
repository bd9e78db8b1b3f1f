/** How far a value is on the way from one number to another, 0..1: 0 before the first, 1 beyond the second. */
export function linearStep(value: number, { from, to }: { readonly from: number; readonly to: number }): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

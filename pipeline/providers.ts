/** What may compute a graph; whether it is there is seen by `probeProvider` alone. */
export const PROVIDERS = ['cpu', 'webgpu', 'cuda'] as const;

/** One of `PROVIDERS`. */
export type Provider = (typeof PROVIDERS)[number];

/** What `doctor` looks at, in its order. */
export const checkNames = [
  'node',
  'memory',
  'disk',
  'bundle',
  'faces',
  'engine',
  'data',
  'key',
  'port',
  'redis',
  'discord',
  'telegram',
] as const;

/** The name of a check. */
export type CheckName = (typeof checkNames)[number];

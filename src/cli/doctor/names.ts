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

export type CheckName = (typeof checkNames)[number];

/** The frames an avatar can have. */
export const AVATAR_FRAMES = ['gold', 'silver', 'red', 'green', 'blue', 'violet'] as const;

/** One of `AVATAR_FRAMES`. */
export type AvatarFrame = (typeof AVATAR_FRAMES)[number];

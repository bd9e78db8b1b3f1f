/** The keys of an object, typed: a list that cannot drift from the object it is made of. */
export function typedKeys<Target extends object>(target: Target): (keyof Target & string)[] {
  return Object.keys(target).filter((key): key is keyof Target & string => key in target);
}

/** An object that answers by `over` where that has the member, and else as `target` does. */
export function overlay<Target extends object>(target: Target, over: Partial<Target>): Target {
  return new Proxy(target, {
    get(_, name) {
      const source = name in over ? over : target;
      const value: unknown = Reflect.get(source, name, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}

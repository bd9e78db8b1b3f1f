const names = new Map<string, string>();

/** The name in itself of a language that there are texts in: Chinese by its script, since that is what its two ways of writing are called. */
export function nameOfLanguage(tag: string): string {
  const known = names.get(tag) ?? findName(tag);
  names.set(tag, known);
  return known;
}

function findName(tag: string): string {
  const { language: code, script } = new Intl.Locale(tag).maximize();
  const named = code === 'zh' ? `${code}-${script}` : tag;
  return new Intl.DisplayNames(tag, { type: 'language' }).of(named) ?? tag;
}

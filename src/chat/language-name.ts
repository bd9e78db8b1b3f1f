/** A language's name in itself: Chinese by its script, since that is what its two ways of writing are called. */
export function nameOfLanguage(tag: string): string {
  const { language: code, script } = new Intl.Locale(tag).maximize();
  const named = code === 'zh' ? `${code}-${script}` : tag;
  return new Intl.DisplayNames(tag, { type: 'language' }).of(named) ?? tag;
}

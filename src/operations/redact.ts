/** What may be a secret in any text, and what is written in its place. */
const PATTERNS: readonly (readonly [pattern: RegExp, mark: string])[] = [
  // Links to files: whoever has one can fetch the file, and Telegram's hold the bot's token.
  [/https?:\/\/(?:cdn|media)\.discordapp\.(?:com|net)\/[^\s"'\\<>]+/g, '[file link]'],
  [/https?:\/\/[^\s"'\\<>]*\/file\/bot[^\s"'\\<>]+/g, '[file link]'],
  // An interaction's token lets anyone answer in the bot's name for a quarter of an hour.
  [/\/(webhooks|interactions)\/(\d+)\/[\w-]{16,}/g, '/$1/$2/[token]'],
  // Tokens as BotFather and the developer portal make them.
  [/(?<!\d)\d{6,}:[\w-]{30,}/g, '[token]'],
  [/[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}/g, '[token]'],
  // Passwords in addresses.
  [/\/\/[^\s"'\\<>/@]*:[^\s"'\\<>/@]+@/g, '//[password]@'],
];

/** Shorter texts are no secrets, and would be found in innocent words. */
const SHORTEST = 8;

/** Takes secrets and links to files out of any text: those given, wherever they stand, and what looks like one. */
export function createRedactor(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets
    .flatMap((secret) => (secret === undefined ? [] : [secret, encodeURIComponent(secret)]))
    .filter((form) => form.length >= SHORTEST);
  return (text) => {
    const named = forms.reduce((rest, form) => rest.replaceAll(form, '[secret]'), text);
    return PATTERNS.reduce((rest, [pattern, mark]) => rest.replaceAll(pattern, mark), named);
  };
}

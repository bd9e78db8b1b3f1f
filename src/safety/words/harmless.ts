/**
 * Phrases whose words are listed in another language, or in another sense, and which are harmless as a whole: the lists of all languages are
 * looked at whatever the member's.
 */
export const harmlessPhrases: readonly string[] = [
  // Spanish and Italian: a knot, which is "naked" in Italian.
  'nudo de (?:la )?corbata',
  'nudos? (?:windsor|marineros?|celtas?|corredizos?)',
  // French and Catalan: late.
  '(?:en|sans|du|le|un) retard',
  // English: colours of what is put on, and neat.
  'nude (?:lipsticks?|lip gloss|nail polish|make ?-?up)',
  'spic(?:k)? and span',
];

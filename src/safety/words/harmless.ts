/**
 * Phrases whose words are listed in another language, or in another sense, and which are harmless as a whole: the lists of all languages are
 * looked at whatever the member's.
 */
export const harmlessPhrases: readonly string[] = [
  // Spanish and Italian: a knot, which is "naked" in Italian.
  'nudo de (?:la )?corbata',
  'nudos? (?:windsor|marineros?|celtas?|corredizos?)',
  // A bare wall, as a backdrop.
  '(?:vor |an )?(?:einer |der )?nackten? (?:wand|mauer|betonwand|ziegelwand)',
  'par(?:ed|edes|ete|eti|ede) (?:desnudas?|nud[ae]|nua)',
  'muro (?:desnudo|nudo|nu)',
  'gol(?:a|ej) scian[aey]',
  'гол(?:ая|ой|ую) стен[аыеу]',
  'гол(?:а|ої|ій|у) стін[аиіу]',
  'ciplak duvar(?:in)?',
  // French and Catalan: late.
  '(?:en|sans|du|le|un) retard',
  // English: colours of what is put on, and neat.
  'nude (?:lipsticks?|lip gloss|nail polish|make ?-?up)',
  'spic(?:k)? and span',
];

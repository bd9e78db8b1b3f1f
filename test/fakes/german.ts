import { type Translate, translator } from '../../src/texts.js';

/** Texts in a second language, the same rules as in the first; what is not here is in English, as in a locale not finished. */
const german: Readonly<Record<string, string>> = {
  'names.portrait': 'porträt',
  'names.style': 'stil',
  'names.photo': 'foto',
  'commands.portrait.style': 'ein Stil von der Liste',
  'discord.make-portraits': 'Porträts machen',
  'discord.cancel': 'Abbrechen',
  'discord.again': 'Noch einmal',
  'discord.agree': 'Lesen und zustimmen',
  'discord.consent-title': 'Dein Foto und dein Gesicht',
  'discord.not-owner': 'Nur wer das verlangt hat, kann hier drücken.',
  'discord.not-own-photo': 'Ich mache Porträts nur von deinen eigenen Fotos.',
  'discord.style': 'Stil',
};

const english = translator('en');
const texts = (key: Parameters<Translate>[0], data?: Parameters<Translate>[1]): string =>
  german[key] ?? english(key, data);

/** A translator into German for tests: the program itself speaks English only. */
export const inGerman: Translate = Object.assign(texts, { locale: 'de', duration: english.duration });

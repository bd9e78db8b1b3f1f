import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commands } from '../../commands/index.js';
import { glossaries } from '../../src/language/glossaries.js';
import { english, locales, type TextTree } from '../../src/language/locales.js';
import { directionOf, languageOf, languages, translator } from '../../src/language/texts.js';
import { renderDefinitions } from '../../src/platforms/discord/definitions.js';
import { wordLists } from '../../src/safety/words/lists.js';
import { checkCommands } from '../fakes/discord/command-rules.js';
import { testPresets } from '../fakes/presets.js';
import { sameAsEnglish } from './same-as-english.js';

const CATEGORIES = ['zero', 'one', 'two', 'few', 'many', 'other'];
/** What those who run the program read in a terminal is English, in every language. */
const OPERATORS = 'cli';

type Leaf = string | TextTree;

const isPlural = (node: Leaf | undefined): node is TextTree =>
  typeof node === 'object' && Object.keys(node).every((name) => CATEGORIES.includes(name));

/** Every text by its path, the forms of a plural together. */
function leavesOf(tree: TextTree, path = ''): Map<string, Leaf> {
  const leaves = Object.entries(tree).flatMap(([name, node]): [string, Leaf][] => {
    if (path === '' && name === OPERATORS) return [];
    return typeof node === 'string' || isPlural(node) ? [[path + name, node]] : [...leavesOf(node, `${path}${name}.`)];
  });
  return new Map(leaves);
}

const formsOf = (leaf: Leaf): string[] => (typeof leaf === 'string' ? [leaf] : Object.values(leaf).map(String));
const placeholdersOf = (text: string): string =>
  [...text.matchAll(/\{\w+\}/g)]
    .map(([name]) => name)
    .toSorted()
    .join();

const original = leavesOf(english);
const others = languages.filter((tag) => tag !== 'en');

for (const tag of others) {
  describe(`the texts in ${tag}`, () => {
    const leaves = leavesOf(locales[tag] ?? {});
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();

    test('there is each text and no other, in the order of the English ones', () => {
      assert.deepEqual([...leaves.keys()], [...original.keys()]);
    });

    test('every form keeps the placeholders', () => {
      for (const [key, leaf] of leaves) {
        const wanted = formsOf(original.get(key) ?? '').map(placeholdersOf);
        for (const form of formsOf(leaf)) assert.ok(wanted.includes(placeholdersOf(form)), `${key}: ${form}`);
      }
    });

    test('a text with plural forms has exactly those of the language', () => {
      for (const [key, leaf] of original) {
        const translated = leaves.get(key);
        assert.equal(isPlural(translated), isPlural(leaf), key);
        if (isPlural(translated)) assert.deepEqual(Object.keys(translated).toSorted(), categories, key);
      }
    });

    test('nothing is empty, and nothing is English but what is the same word', () => {
      const same: string[] = [];
      for (const [key, leaf] of leaves) {
        for (const form of formsOf(leaf)) assert.equal(form.trim(), form, `${key} has no space at its ends`);
        for (const form of formsOf(leaf)) assert.notEqual(form, '', key);
        if (formsOf(leaf).some((form) => formsOf(original.get(key) ?? '').includes(form))) same.push(key);
      }
      assert.deepEqual(same.toSorted(), (sameAsEnglish[tag] ?? []).toSorted());
    });

    test('names and descriptions fit everywhere', () => {
      checkCommands(renderDefinitions(commands, { main: translator('en'), others: [translator(tag)] }, testPresets));
      const names = commands.map(({ name }) => translator(tag)(`names.${name}`));
      assert.equal(new Set(names).size, names.length, names.join());
      for (const { name, options } of commands) {
        const own = options.map((option) => translator(tag)(`names.${option.name}`));
        assert.equal(new Set(own).size, own.length, `${name}: ${own.join()}`);
      }
      for (const [key, leaf] of leaves) {
        const [form = ''] = formsOf(leaf);
        const limit = limitOf(key);
        assert.ok([...form].length <= limit, `${key} has at most ${limit} characters: ${form}`);
        if (key.startsWith('names.')) assert.match(form, /^[-_'\p{L}\p{N}\p{sc=Deva}]{1,32}$/u);
      }
    });

    test('there are words for prompts and words that are refused', () => {
      assert.ok(Object.hasOwn(glossaries, tag));
      assert.ok(Object.hasOwn(wordLists, tag));
    });
  });
}

/** Discord: titles and labels of forms 45 characters, what is said of them 100, buttons 80; descriptions of commands 100. */
function limitOf(key: string): number {
  if (
    /^commands\.\w+\.(?:description|channels|roles|(?:member|server)-\w+|largest-count|language|to|details|forget|sure|opt-out)$/.test(
      key,
    )
  )
    return 100;
  if (
    /^discord\.(?:consent|again)-(?:title|label|words|photo)$|^discord\.(?:style|expression|make-portraits)$/.test(key)
  )
    return 45;
  if (/^discord\.(?:words-how|again-photo-why|consent-box)$/.test(key)) return 100;
  if (
    /^(?:discord|telegram)\.(?:cancel|more|change|publish|files|delete|agree|largest|resend)$|^picture\.(?!gone)/.test(
      key,
    )
  )
    return 40;
  // Discord cuts a message at 2000, signs that would format words counted twice.
  if (key === 'commands.privacy.details-text') return 1900;
  return 4000;
}

test('tags of Discord, Telegram and browsers find their language', () => {
  const found = ['en-GB', 'es-419', 'es-ES', 'pt-br', 'pt', 'zh-hans', 'zh-TW', 'zh-HK', 'zh', 'de-AT'].map(languageOf);
  assert.deepEqual(found, ['en', 'es', 'es', 'pt-BR', 'pt-BR', 'zh-CN', 'zh-TW', 'zh-TW', 'zh-CN', 'de']);
  assert.deepEqual(['tlh', '', 'no tag', '*'].map(languageOf), [undefined, undefined, undefined, undefined]);
});

test('Arabic is written from right to left, and its digits are those that are typed back', () => {
  assert.equal(directionOf('ar'), 'rtl');
  assert.equal(directionOf('zh-TW'), 'ltr');
  assert.match(translator('ar')('errors.prompt-too-long', { given: 400, limit: 123 }), /123/);
});

test('a count and a time are said as the language says them', () => {
  const said = (tag: string, count: number) => translator(tag)('status.waiting', { count });
  assert.notEqual(said('ru', 1).replace('1', ''), said('ru', 2).replace('2', ''));
  assert.notEqual(said('ru', 2).replace('2', ''), said('ru', 5).replace('5', ''));
  assert.equal(said('ru', 21).replace('21', ''), said('ru', 1).replace('1', ''));
  assert.equal(translator('pl').duration(180_000), '3 minuty');
  assert.equal(translator('ja').duration(180_000), '3 分');
});

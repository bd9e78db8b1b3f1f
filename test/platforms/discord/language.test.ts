import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translator } from '../../../src/language/texts.js';
import type { DefinitionTexts } from '../../../src/platforms/discord/definitions.js';
import { connectBot } from '../../fakes/discord/bot.js';

const english = translator('en');
const inGerman = translator('de');
const bothLanguages: DefinitionTexts = { main: english, others: [inGerman] };
const UPLOAD = { bytes: Uint8Array.of(1, 2, 3) };

test('names and descriptions are registered in every language, and again when one changes', async (context) => {
  const { discord, restart } = await connectBot(context, { definitionTexts: bothLanguages });
  const { world } = discord;
  const portrait = world.registered.find(({ name }) => name === 'portrait');
  const options = portrait?.['options'] as readonly Record<string, unknown>[];
  const style = options.find(({ name }) => name === 'style');
  const photo = options.find(({ name }) => name === 'photo');
  const menu = world.registered.find(({ name }) => name === 'Make portraits');
  assert.deepEqual(portrait?.['name_localizations'], { de: 'porträt' });
  assert.deepEqual(style?.['name_localizations'], { de: 'stil' });
  assert.deepEqual(style?.['description_localizations'], { de: 'ein Stil aus der Liste' });
  assert.deepEqual(photo?.['name_localizations'], { de: 'foto' });
  assert.deepEqual(menu?.['name_localizations'], { de: 'Porträts machen' });
  await restart();
  assert.equal(world.registrations, 1);
  const renamed = Object.assign(
    (...[key, data]: Parameters<typeof inGerman>) => (key === 'names.style' ? 'machart' : inGerman(key, data)),
    { locale: 'de', duration: english.duration },
  );
  await restart({ definitionTexts: { main: english, others: [renamed] } });
  assert.equal(world.registrations, 2);
});

test('a name that Discord would refuse is noticed', async (context) => {
  const shouting = Object.assign(() => 'PORTRÄT!', { locale: 'de', duration: english.duration });
  const { restart } = await connectBot(context);
  await assert.rejects(restart({ definitionTexts: { main: english, others: [shouting] } }), /does not match/);
  await restart();
});

test('buttons, forms and refusals are in the language the member chose, whatever their app speaks', async (context) => {
  const chosen = new Set<string>();
  const { discord, platform, host } = await connectBot(context, {
    textsFor: async ({ id }) => (chosen.has(id) ? inGerman : english),
  });
  const [ann, bob] = [discord.user('guild', 'en-US'), discord.user('guild', 'de')];
  chosen.add(ann.id);
  ann.slash('portrait', { photo: UPLOAD, prompt: 'smiling' });
  const reply = platform.reply((await host.next()).address);
  await reply.askConsent('Do you agree?');
  const asked = await ann.sees(({ buttons }) => buttons.length > 0);
  assert.deepEqual(
    asked.buttons.map(({ label }) => label),
    ['Lesen und zustimmen'],
  );
  assert.equal((await ann.form(ann.press(asked, 'Lesen und zustimmen'))).title, 'Dein Foto und dein Gesicht');
  await reply.status({ jobId: 'job-1', text: 'Painting.', cancellable: true });
  await ann.sees(({ buttons }) => buttons.some(({ label }) => label === 'Abbrechen'));
  const photo = bob.post('', [UPLOAD]);
  ann.menu('Make portraits', photo);
  await ann.sees(({ content }) => content === 'Ich mache Porträts nur von Fotos, die du selbst gepostet hast.');
  assert.equal((await bob.describe(photo)).fields[1]?.label, 'Style');
  assert.equal((await ann.describe(ann.post('', [UPLOAD]), 'Beschreiben')).fields[1]?.label, 'Stil');
});

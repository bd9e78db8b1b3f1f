import type { PlatformName } from '../../src/chat/member.js';
import { renamedText, truncatedJpeg } from '../fakes/bad-files.js';
import { facePhoto } from '../fakes/photos.js';
import { within } from './people.js';
import { type Line, type Person, tells } from './person.js';
import type { Dice } from './random.js';
import type { Stage } from './stage.js';

/** One thing that a member wanted, and whether they got it or were told why not. */
export interface Visit {
  readonly kind: Kind;
  readonly platform: PlatformName;
  readonly answered: boolean;
}

type Kind = 'album' | 'files' | 'refused photo' | 'refused words' | 'command' | 'event' | 'forget';

/** What members want, each kind as often as it stands here. */
const KINDS: readonly [Kind, ...Kind[]] = [
  ...(['album', 'album', 'album', 'album', 'album', 'album', 'album', 'album', 'album', 'album'] as const),
  ...(['files', 'refused photo', 'refused photo', 'refused words', 'forget'] as const),
  ...(['command', 'command', 'command', 'event', 'event'] as const),
];

const COMMANDS = ['help', 'queue', 'quota', 'privacy', 'styles', 'language'] as const;

/** An event from its beginning to its end; some are said by whoever comes, and refused. */
const EVENT = (photo: Uint8Array): readonly Line[] => [
  { command: 'event create', options: { title: 'Ball', prompt: 'masked', hours: 24 } },
  { command: 'event join', options: { agree: true, name: 'Ann' }, photo },
  { command: 'event join', options: { agree: true, name: 'Bob' }, photo },
  { command: 'event status' },
  { command: 'event vote', options: { number: 1 } },
  { command: 'event vote', options: { number: 2 } },
  { command: 'event sheet' },
  { command: 'event end' },
  { command: 'event avatar', options: { frame: 'gold' } },
];

/** Milliseconds that an album may take. */
const PATIENCE = 30_000;

/** Answers what lets one member after the other, on all platforms, want one thing, of which the dice decide. */
export async function createVisits(stage: Stage, people: readonly Person[], dice: Dice): Promise<() => Promise<Visit>> {
  const photo = facePhoto();
  const refused = [await truncatedJpeg(), renamedText] as const;
  const event = EVENT(photo);
  const present = [...people];
  const steps = { discord: 0, telegram: 0, web: 0 };
  let count = 0;

  const ask = async (person: Person, wish: string, bytes: Uint8Array): Promise<boolean> => {
    const word = `w${++count}x`;
    const before = new Set(person.seen().map(({ id, text }) => `${id} ${text}`));
    if (!(await person.ask(`${wish} ${word}`, bytes))) return false;
    return within(PATIENCE, () =>
      person
        .seen()
        .some(({ id, text, album }) => (album ? text.includes(word) : !before.has(`${id} ${text}`) && tells(text))),
    );
  };
  const forget = async (index: number, person: Person): Promise<boolean> => {
    const done = await person.say({ command: 'privacy', options: { forget: true, sure: true } });
    person.leave();
    present[index] = await stage.welcome(person.platform);
    return done;
  };
  const wants: Readonly<Record<Kind, (person: Person, index: number) => Promise<boolean>>> = {
    album: (person) => ask(person, 'smiling', photo),
    files: (person) => person.fetchFiles(),
    'refused photo': (person) => ask(person, 'smiling', dice.pick(refused)),
    'refused words': (person) => ask(person, 'naked', photo),
    command: (person) => person.say({ command: dice.pick(COMMANDS) }),
    event: (person) => person.say(event[steps[person.platform]++ % event.length] ?? { command: 'event status' }),
    forget: (person, index) => forget(index, person),
  };
  return async () => {
    const kind = dice.pick(KINDS);
    const index = dice.below(present.length);
    const person = present[index];
    if (!person) throw new Error('nobody is there');
    return { kind, platform: person.platform, answered: await wants[kind](person, index) };
  };
}

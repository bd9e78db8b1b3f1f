import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatHost } from '../../src/chat/host.js';
import type { Member, ReplyAddress } from '../../src/chat/member.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { type Gone, ListeningHost, plainAlbum } from '../fakes/host.js';

/** What a person sees of an answer, whatever the platform. */
export interface Seen {
  readonly kind: 'text' | 'refusal' | 'consent' | 'status' | 'album' | 'end';
  readonly text: string;
  /** What is bold in it; missing where nothing is. */
  readonly bold?: readonly string[];
  /** Pictures of an album, or of an answer that has some. */
  readonly pictures?: number;
}

/** A person who uses the platform under test. */
export interface Person {
  /** Sends a line with photos; answers a key to send the very same message again with. */
  say(line: string, photos?: readonly Uint8Array[], key?: string): Promise<string>;
  cancel(jobId: string): Promise<void>;
  agree(): Promise<void>;
  /** Presses the button with that label under the newest answer that has one. */
  press(label: string): Promise<void>;
  /** Wants another album of the same wish; `photos` are those it was made of. */
  more(photos: readonly Uint8Array[]): Promise<void>;
  /** Wants more like the picture of that number, counted from 1, of the newest album; `photos` as for `more`. */
  like(number: number, photos: readonly Uint8Array[]): Promise<void>;
  /** Wants another style for the photos of an album. */
  change(style: string, photos: readonly Uint8Array[]): Promise<void>;
  /** Begins with photos alone, and chooses a style from what is offered then. */
  pick(style: string, photos: readonly Uint8Array[]): Promise<void>;
  /** Takes the largest face, as offered at the end of a job; `photos` are those the job was asked for with. */
  takeLargest(photos: readonly Uint8Array[]): Promise<void>;
  /** Everything visible now, typing signs and own messages left out. */
  sees(): Promise<readonly Seen[]>;
}

/** A platform that runs against its fake surroundings. */
export interface PlatformUnderTest {
  readonly platform: ChatPlatform;
  /** Someone new. */
  person(): Promise<Person>;
  /** The bot is taken out of a server, or blocked; answers by whom. Missing where nobody can do that. */
  shutOut?(): Promise<Gone>;
  close(): Promise<void>;
}

const PHOTO = Uint8Array.of(0xff, 0xd8, 0xff, 1, 2, 3);

/** A reply address as it comes back from storage after a restart. */
const stored = (address: ReplyAddress): ReplyAddress => JSON.parse(JSON.stringify(address));

/** What every `ChatPlatform` promises. */
export function testChatPlatform(name: string, open: (host: ChatHost) => Promise<PlatformUnderTest>): void {
  interface Scene extends PlatformUnderTest {
    readonly host: ListeningHost;
  }
  const scene = (title: string, run: (scene: Scene) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const host = new ListeningHost();
      const under = await open(host);
      try {
        await run({ ...under, host });
      } finally {
        await under.close();
      }
    });
  };
  const lastSeen = async (person: Person): Promise<Seen | undefined> => (await person.sees()).at(-1);

  scene('a command with a photo becomes an invocation', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling style:neon count:6', [PHOTO]);
    const invocation = await host.next();
    assert.equal(invocation.command, 'portrait');
    assert.equal(invocation.member.platform, platform.name);
    assert.equal(invocation.options['prompt'], 'smiling');
    assert.equal(invocation.options['style'], 'neon');
    assert.equal(Number(invocation.options['count']), 6);
    assert.equal(invocation.locale, 'en');
    assert.equal(typeof (await invocation.standing.mayAdminister()), 'boolean');
    assert.equal(invocation.attachments.length, 1);
    assert.deepEqual(await invocation.attachments[0]?.read(), PHOTO);
  });

  scene('members are told apart, and one member stays the same', async ({ host, person }) => {
    const [ann, bob] = [await person(), await person()];
    const members: Member[] = [];
    for (const someone of [ann, bob, ann]) {
      await someone.say('/help');
      members.push((await host.next()).member);
    }
    assert.deepEqual(members[0], members[2]);
    assert.notDeepEqual(members[0], members[1]);
  });

  scene(
    'two messages have two keys; one message that arrives twice is invoked once or keeps its key',
    async ({ host, person }) => {
      const ann = await person();
      const sent = await ann.say('/help');
      const first = await host.next();
      await ann.say('/help', [], sent);
      await ann.say('/queue');
      const second = await host.next();
      if (second.command === 'help') assert.equal(second.key, first.key);
      else assert.notEqual(second.key, first.key);
    },
  );

  scene('what is added to a portrait is chosen by options', async ({ host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling accessory:santa hat backdrop:snow light:red light', [PHOTO]);
    const { prompt, accessory, backdrop, light } = (await host.next()).options;
    assert.deepEqual([prompt, accessory, backdrop, light], ['smiling', 'santa hat', 'snow', 'red light']);
  });

  scene('an answer is seen by the one who asked and by nobody else', async ({ platform, host, person }) => {
    const [ann, bob] = [await person(), await person()];
    await ann.say('/help');
    const reply = platform.reply((await host.next()).address);
    await reply.acknowledge();
    await reply.say('This can be done.');
    assert.deepEqual(await ann.sees(), [{ kind: 'text', text: 'This can be done.' }]);
    assert.deepEqual(await bob.sees(), []);
  });

  scene('a button under an answer says its line for the one who asked', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/privacy');
    const { address, member } = await host.next();
    const button = { label: 'Delete everything', line: '/privacy forget sure', danger: true } as const;
    await platform.reply(stored(address)).say('Delete everything?', [button]);
    assert.deepEqual(await lastSeen(ann), { kind: 'text', text: 'Delete everything?' });
    await ann.press('Delete everything');
    const said = await host.next();
    assert.deepEqual(said.member, member);
    assert.deepEqual([said.command, said.options], ['privacy', { forget: 'yes', sure: 'yes' }]);
  });

  scene('points are seen a line each, their heads bold', async (given) => {
    const { platform, host, person } = given;
    const ann = await person();
    await ann.say('/privacy');
    const points = [
      { head: 'What is kept:', text: 'your photo. 🔒' },
      { head: '谁能看到：', text: '只有你。' },
      { head: 'How to delete it:', text: 'send the command.' },
    ];
    const button = { label: 'Details', line: '/privacy details' };
    await platform.reply(stored((await host.next()).address)).list(points, [button]);
    assert.deepEqual(await lastSeen(ann), {
      kind: 'text',
      text: 'What is kept: your photo. 🔒\n谁能看到：只有你。\nHow to delete it: send the command.',
      bold: points.map(({ head }) => head),
    });
    await ann.press('Details');
    const { command, options } = await host.next();
    assert.deepEqual([command, options], ['privacy', { details: 'yes' }]);
  });

  for (const count of [1, 3]) {
    scene(`an answer with pictures is seen: ${count}`, async ({ platform, host, person }) => {
      const ann = await person();
      await ann.say('/styles');
      const pictures = Array.from({ length: count }, (_, index) => ({
        name: `sheet-${index + 1}.jpg`,
        type: 'image/jpeg' as const,
        bytes: Uint8Array.of(0xff, 0xd8, index),
        description: `Sheet ${index + 1}`,
      }));
      await platform.reply((await host.next()).address).show('All of them.', pictures);
      assert.deepEqual(await ann.sees(), [{ kind: 'text', text: 'All of them.', pictures: count }]);
    });
  }

  scene('a refusal is seen', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('smiling');
    await platform.reply((await host.next()).address).refuse('Attach a photo.');
    assert.deepEqual(await lastSeen(ann), { kind: 'refusal', text: 'Attach a photo.' });
  });

  scene('consent is asked for and given', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    const { address, member } = await host.next();
    await platform.reply(address).askConsent('Do you agree?');
    assert.deepEqual(await lastSeen(ann), { kind: 'consent', text: 'Do you agree?' });
    await ann.agree();
    assert.deepEqual(host.agreed, [member]);
  });

  scene(
    'the status is one message that is edited, and Cancel names its presser',
    async ({ platform, host, person }) => {
      const ann = await person();
      await ann.say('/portrait smiling', [PHOTO]);
      const { address, member } = await host.next();
      const reply = platform.reply(stored(address));
      await reply.status({ jobId: 'job-1', text: 'In line.', cancellable: true });
      await reply.status({ jobId: 'job-1', text: 'Painting.', progress: 0.4, cancellable: true });
      assert.deepEqual(await ann.sees(), [{ kind: 'status', text: 'Painting.' }]);
      await ann.cancel('job-1');
      assert.deepEqual(host.cancelled, [{ jobId: 'job-1', member }]);
    },
  );

  for (const count of [1, 4, 10]) {
    scene(`an album of ${count} takes the place of the status, once`, async ({ platform, host, person }) => {
      const ann = await person();
      await ann.say('/portrait smiling', [PHOTO]);
      const reply = platform.reply(stored((await host.next()).address));
      await reply.status({ jobId: 'job-1', text: 'Painting.', progress: 0.9, cancellable: true });
      await reply.album(plainAlbum('job-1', count));
      await reply.album(plainAlbum('job-1', count));
      assert.deepEqual(await ann.sees(), [{ kind: 'album', text: 'Your portraits · seed 7', pictures: count }]);
    });
  }

  scene('a job that ends without an album closes its status', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    const reply = platform.reply((await host.next()).address);
    await reply.status({ jobId: 'job-1', text: 'In line.', cancellable: true });
    await reply.conclude('job-1', 'Cancelled.');
    assert.deepEqual(await ann.sees(), [{ kind: 'end', text: 'Cancelled.' }]);
  });

  scene('an offer at the end of a job is taken by one press, photos included', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    const first = await host.next();
    const reply = platform.reply(stored(first.address));
    await reply.status({ jobId: 'job-1', text: 'Painting.', progress: 0.1, cancellable: true });
    const options = { prompt: 'smiling', count: 2, largest: 'yes' };
    await reply.conclude('job-1', 'There are several faces.', { action: 'largest', options });
    assert.deepEqual(await ann.sees(), [{ kind: 'end', text: 'There are several faces.' }]);
    await ann.takeLargest([PHOTO]);
    const second = await host.next();
    assert.notEqual(second.key, first.key);
    assert.deepEqual(second.member, first.member);
    assert.deepEqual(second.options, { ...options, count: '2' });
    assert.deepEqual(await second.attachments[0]?.read(), PHOTO);
  });

  scene('More makes another album of the same wish by one press, photos included', async (given) => {
    const { platform, host, person } = given;
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    const first = await host.next();
    await platform.reply(stored(first.address)).album(plainAlbum('job-1'));
    await ann.more([PHOTO]);
    const second = await host.next();
    assert.notEqual(second.key, first.key);
    assert.deepEqual(
      second.options,
      { prompt: 'smiling' },
      'without the seed, which would make the very same pictures',
    );
    assert.deepEqual(await second.attachments[0]?.read(), PHOTO);
  });

  scene('more like one picture: what it shows is asked for beside the words of its album', async (given) => {
    const { platform, host, person } = given;
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    await platform.reply(stored((await host.next()).address)).album(plainAlbum('job-1'));
    await ann.like(2, [PHOTO]);
    const { options, attachments } = await host.next();
    assert.deepEqual(options, { prompt: 'smiling', expression: 'sad', angle: 'left' });
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
  });

  scene('Change makes something else of the same photos', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/portrait smiling', [PHOTO]);
    await platform.reply(stored((await host.next()).address)).album(plainAlbum('job-1'));
    await ann.change('neon', [PHOTO]);
    const { command, options, attachments } = await host.next();
    assert.deepEqual([command, options['style'], options['seed']], ['portrait', 'neon', undefined]);
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
  });

  scene('photos alone are enough to begin: a style is chosen from those offered', async ({ host, person }) => {
    const ann = await person();
    await ann.pick('watercolour', [PHOTO]);
    const { command, options, attachments } = await host.next();
    assert.deepEqual([command, options], ['portrait', { style: 'watercolour' }]);
    assert.deepEqual(await attachments[0]?.read(), PHOTO);
    assert.equal(host.unread, 0);
  });

  scene('a forgotten member’s conversation is empty, others keep theirs', async ({ platform, host, person }) => {
    const [ann, bob] = [await person(), await person()];
    const members: Member[] = [];
    for (const someone of [ann, bob]) {
      await someone.say('/help');
      const { address, member } = await host.next();
      members.push(member);
      await platform.reply(address).say('This can be done.');
    }
    const [forgotten] = members;
    assert.ok(forgotten);
    await platform.forget(forgotten);
    assert.deepEqual(await ann.sees(), []);
    assert.equal((await bob.sees()).length, 1);
  });

  scene('who shuts the bot out is reported', async ({ host, shutOut }) => {
    if (!shutOut) return;
    const gone = await shutOut();
    assert.deepEqual(await host.nextGone(), gone);
  });

  scene('an answer to a place that is gone harms nothing', async ({ platform, host, person }) => {
    const ann = await person();
    await ann.say('/help');
    const { address } = await host.next();
    const gone = Object.fromEntries(Object.keys(address).map((part) => [part, 'gone']));
    await platform.reply(gone).say('Nobody hears this.');
    assert.deepEqual(await ann.sees(), []);
  });
}

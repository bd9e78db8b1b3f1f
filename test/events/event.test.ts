import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Arbitrary,
  array,
  assert as check,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  uuid,
} from 'fast-check';
import { LikenessError } from '../../src/errors.js';
import {
  apply,
  type AvatarEvent,
  type EventAction,
  readyEntries,
  standings,
  winnersOf,
} from '../../src/events/event.js';

const LIMIT = 3;
const empty: AvatarEvent = {
  id: 'event',
  server: { platform: 'web', id: 'club' },
  address: {},
  locale: 'en',
  title: 'Sketches',
  prompt: 'pencil sketch',
  limit: LIMIT,
  blind: false,
  endsAt: 1000,
  entries: [],
  ballots: [],
  next: 1,
};

const member = constantFrom('ann', 'bob', 'cat', 'dan', 'eve').map((id) => ({ platform: 'web', id }) as const);
const key = constantFrom('first', 'second');
const number = integer({ min: 1, max: 6 });
const portrait = uuid().map((id) => ({ id }));
const at = integer({ min: 0, max: 5 });
const action: Arbitrary<EventAction> = oneof(
  { weight: 4, arbitrary: record({ kind: constant('join' as const), member, address: constant({}), key, at }) },
  { weight: 4, arbitrary: record({ kind: constant('enter' as const), member, key, portrait }) },
  { weight: 4, arbitrary: record({ kind: constant('vote' as const), member, number }) },
  { weight: 1, arbitrary: record({ kind: constant('fail' as const), member, key }) },
  { weight: 2, arbitrary: record({ kind: constant('withdraw' as const), member }) },
  { weight: 1, arbitrary: record({ kind: constant('forget' as const), member }) },
  { weight: 1, arbitrary: record({ kind: constant('end' as const), at }) },
);

const refusals = ['over', 'full', 'joined-already', 'not-joined', 'no-entries', 'entry-unknown', 'own-entry'];

/** The next state, or the same where the action is refused: by a sentence for members, never otherwise. */
function attempt(event: AvatarEvent, tried: EventAction): AvatarEvent {
  try {
    return apply(event, tried);
  } catch (error) {
    assert.ok(error instanceof LikenessError, String(error));
    assert.ok(
      refusals.some((code) => error.code === `event-${code}`),
      error.code,
    );
    return event;
  }
}

function checkConsistent(event: AvatarEvent): void {
  const { entries, ballots, limit, next, endedAt } = event;
  const unique = (values: readonly unknown[]): void => assert.equal(new Set(values).size, values.length);
  assert.ok(entries.length <= limit);
  unique(entries.map((entry) => entry.member.id));
  unique(entries.map((entry) => entry.number));
  unique(ballots.map(({ voter }) => voter.id));
  for (const entry of entries) assert.ok(entry.number < next);
  for (const ballot of ballots) {
    const chosen = readyEntries(event).find((entry) => entry.number === ballot.number);
    assert.ok(chosen, 'a vote is for an entry that is there');
    assert.notEqual(chosen.member.id, ballot.voter.id);
  }
  if (endedAt !== undefined) assert.ok(entries.every((entry) => entry.portrait));
  assert.equal(
    standings(event).reduce((sum, { votes }) => sum + votes, 0),
    ballots.length,
  );
  for (const { votes } of winnersOf(event)) assert.equal(votes, standings(event)[0]?.votes);
}

test('whatever is done in whatever order, an event stays consistent and says by name what it refuses', () => {
  check(
    property(array(action, { maxLength: 40 }), (actions) => {
      let event = empty;
      for (const tried of actions) {
        const before = event;
        event = attempt(event, tried);
        checkConsistent(event);
        assert.ok(event.next >= before.next, 'a number is never given twice');
        if (before.endedAt === undefined) continue;
        assert.equal(event.endedAt, before.endedAt, 'what is over stays over, and ends once');
        assert.ok(event.entries.length <= before.entries.length, 'nobody comes in afterwards');
      }
    }),
  );
});

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Member } from '../chat/member.js';
import type { SqlDatabase } from '../data/database.js';
import { LikenessError } from '../errors.js';
import { ADD_ROUNDS, isReadable, JOBS_TABLE, readJob } from './job-row.js';
import type { Job, JobDraft, JobEnd } from './job.js';
import type { ActiveJobs, EmbeddedJobStore, JobStore, QueueLimits } from './store.js';

/** How long an ended job is remembered, in milliseconds, so that a redelivered invocation is recognised. */
const REMEMBERED = 24 * 60 * 60_000;

/** The longest a job is put back, in milliseconds: one that is to wait for longer was put back before the clock was. */
const LONGEST_BACK_OFF = 10 * 60_000;

const ACTIVE = `state IN ('queued', 'running', 'delivering')`;
const BUSY = `state IN ('running', 'delivering')`;
const HELD = `id = ? AND holder = ? AND ${BUSY}`;

/** Waiting jobs, everyone's of a round before anyone's of the next, within a round by acceptance. */
const waitingInOrder = (condition: string): string =>
  `SELECT * FROM jobs WHERE state = 'queued' AND ${condition} ORDER BY round, sequence`;

/** The round being served: that of the newest job handed out, and next to that of the first one waiting. */
const SERVED = `
MAX(0, (SELECT COALESCE(MAX(round), 0) FROM jobs WHERE attempts > 0),
  (SELECT COALESCE(MIN(round), 0) FROM jobs WHERE state = 'queued') - 1)`;
/** The round of a member's next job. */
const NEXT_ROUND = `MAX(${SERVED}, (SELECT COALESCE(MAX(round) + 1, 0) FROM jobs WHERE owner = ? AND ${ACTIVE}))`;

const described = z.object({ columns: z.number(), rounds: z.number().nullable() });
const counted = z.object({ own: z.number(), total: z.number() });

/** What both halves of the store work with. */
interface Table {
  one(sql: string, ...values: readonly (string | number)[]): Job | undefined;
  /** The jobs that are not over; read again only when something was written. */
  active(): ActiveJobs;
  /** Deletes the jobs that damage made unreadable: nobody can be told of them, and none must stand in others' way. */
  dropUnreadable(): number;
  /** Answers whether anything was changed. */
  run(sql: string, ...values: readonly (string | number)[]): boolean;
  get(sql: string, ...values: readonly (string | number)[]): unknown;
  atomically<Result>(work: () => Result): Result;
  /** Ends a job, and forgets those that need not be remembered. */
  end(id: string, state: JobEnd): void;
  dropOld(): void;
  readonly now: () => number;
}

/** A job store on an embedded database. `now` in milliseconds since 1970. */
export function createSqliteStore(
  database: SqlDatabase,
  { now = Date.now }: { readonly now?: () => number } = {},
): EmbeddedJobStore {
  createTable(database);
  const table = openTable(database, now);
  return { ...lineOf(table), ...leasesOf(table) };
}

/** Makes the table, or adds what one of an earlier version lacks. */
function createTable(database: SqlDatabase): void {
  const found = database.prepare(
    `SELECT COUNT(*) AS columns, SUM(name = 'round') AS rounds FROM pragma_table_info('jobs')`,
  );
  const { columns, rounds } = described.parse(found.get());
  if (columns > 0 && rounds === 0) database.exec(ADD_ROUNDS);
  database.exec(JOBS_TABLE);
}

function openTable(database: SqlDatabase, now: () => number): Table {
  let active: ActiveJobs | undefined;
  const prepare = (sql: string) => {
    if (!sql.startsWith('SELECT')) active = undefined;
    return database.prepare(sql);
  };
  const get: Table['get'] = (sql, ...values) => prepare(sql).get(...values);
  const run: Table['run'] = (sql, ...values) => prepare(sql).run(...values).changes > 0;
  const all = (sql: string): Job[] => prepare(sql).all().map(readJob);
  const dropOld = (): void =>
    void run(`DELETE FROM jobs WHERE ended_at <= ? OR (ended_at IS NOT NULL AND forgotten = 1)`, now() - REMEMBERED);
  return {
    get,
    run,
    dropOld,
    one(sql, ...values) {
      const found = get(sql, ...values);
      return found === undefined ? undefined : readJob(found);
    },
    active: () =>
      (active ??= {
        running: all(`SELECT * FROM jobs WHERE ${BUSY} ORDER BY sequence`),
        waiting: all(waitingInOrder('TRUE')),
      }),
    dropUnreadable() {
      const rows = z.array(z.looseObject({ sequence: z.number() })).parse(database.prepare('SELECT * FROM jobs').all());
      const unreadable = rows.filter((found) => !isReadable(found));
      for (const { sequence } of unreadable) run('DELETE FROM jobs WHERE sequence = ?', sequence);
      return unreadable.length;
    },
    atomically: (work) => database.transaction(work).immediate(),
    end(id, state) {
      run(`UPDATE jobs SET state = ?, ended_at = ?, holder = NULL, lease_until = NULL WHERE id = ?`, state, now(), id);
      dropOld();
    },
    now,
  };
}

type LineMethods = 'enqueue' | 'find' | 'get' | 'cancel' | 'active' | 'dropOld' | 'forget';

/** What members do with their jobs. */
function lineOf({ one, active, run, get, atomically, dropOld, now }: Table): Pick<JobStore, LineMethods> {
  const accept = (draft: JobDraft): Job => {
    const columns = 'id, key, owner, state, round, accepted_at, draft';
    const sql = `INSERT INTO jobs (${columns}) VALUES (?, ?, ?, 'queued', ${NEXT_ROUND}, ?, ?) RETURNING *`;
    const owner = ownerOf(draft.member);
    return readJob(get(sql, randomUUID(), keyOf(draft), owner, owner, now(), JSON.stringify(draft)));
  };
  const checkRoom = (member: Member, { perMember, total }: QueueLimits): void => {
    const sql = `SELECT COUNT(*) AS total, COUNT(*) FILTER (WHERE owner = ?) AS own FROM jobs WHERE ${ACTIVE}`;
    const found = counted.parse(get(sql, ownerOf(member)));
    if (found.own >= perMember) throw new LikenessError('too-many-queued', { count: found.own });
    if (found.total >= total) throw new LikenessError('queue-full', { count: found.total });
  };
  return {
    enqueue: async (draft, limits) =>
      atomically(() => {
        const known = one('SELECT * FROM jobs WHERE key = ?', keyOf(draft));
        if (known) return { job: known, created: false };
        checkRoom(draft.member, limits);
        return { job: accept(draft), created: true };
      }),
    find: async (draft) => one('SELECT * FROM jobs WHERE key = ?', keyOf(draft)),
    get: async (id) => one('SELECT * FROM jobs WHERE id = ?', id),
    cancel: async (id, holder, milliseconds) =>
      atomically(() => {
        const state = one('SELECT * FROM jobs WHERE id = ?', id)?.state;
        if (state !== 'queued' && state !== 'running') return 'gone';
        run('UPDATE jobs SET cancel_requested = 1 WHERE id = ?', id);
        if (state === 'running') return 'requested';
        const held = `UPDATE jobs SET state = 'running', holder = ?, lease_until = ? WHERE id = ?`;
        run(held, holder, now() + milliseconds, id);
        return 'held';
      }),
    active: async () => active(),
    dropOld: async () => dropOld(),
    forget: async (member) =>
      atomically(() => {
        run('DELETE FROM jobs WHERE owner = ? AND ended_at IS NOT NULL', ownerOf(member));
        run('UPDATE jobs SET forgotten = 1 WHERE owner = ?', ownerOf(member));
      }),
  };
}

/** What workers do with them. */
function leasesOf({
  one,
  run,
  atomically,
  end,
  dropOld,
  dropUnreadable,
  now,
}: Table): Omit<EmbeddedJobStore, LineMethods> {
  /** The job as it was left is handed out: one that was being delivered stays so. */
  const hand = (job: Job | undefined, holder: string, milliseconds: number): Job | undefined =>
    job &&
    one(
      `UPDATE jobs SET state = IIF(state = 'queued', 'running', state), attempts = attempts + 1, started_at = ?, holder = ?,
      lease_until = ? WHERE id = ? RETURNING *`,
      now(),
      holder,
      now() + milliseconds,
      job.id,
    );
  return {
    lease: async (holder, milliseconds) =>
      atomically(() => {
        const lapsed = one(`SELECT * FROM jobs WHERE ${BUSY} AND lease_until <= ? ORDER BY sequence`, now());
        const due = `${waitingInOrder('(not_before <= ? OR not_before > ?)')} LIMIT 1`;
        return hand(lapsed ?? one(due, now(), now() + LONGEST_BACK_OFF), holder, milliseconds);
      }),
    leaseOverdue: async (holder, milliseconds, acceptedBy) =>
      atomically(() => {
        const sql = `SELECT * FROM jobs WHERE state = 'queued' AND accepted_at <= ? ORDER BY sequence LIMIT 1`;
        const overdue = one(sql, acceptedBy);
        // It is not served: nobody's turn changes by its end.
        if (overdue) run('UPDATE jobs SET round = 0 WHERE id = ?', overdue.id);
        return hand(overdue, holder, milliseconds);
      }),
    extend: async (id, holder, milliseconds) =>
      one(`UPDATE jobs SET lease_until = ? WHERE ${HELD} RETURNING *`, now() + milliseconds, id, holder),
    beginDelivery: async (id, holder, ending) =>
      run(`UPDATE jobs SET state = 'delivering', ending = ? WHERE ${HELD}`, JSON.stringify(ending), id, holder),
    finish: async (id, holder, state) =>
      atomically(() => {
        const held = one(`SELECT * FROM jobs WHERE ${HELD}`, id, holder);
        if (held) end(id, state);
        return held !== undefined;
      }),
    retry: async (id, holder, milliseconds) =>
      run(
        `UPDATE jobs SET state = 'queued', not_before = ?, started_at = NULL, holder = NULL, lease_until = NULL WHERE ${HELD}`,
        now() + milliseconds,
        id,
        holder,
      ),
    recover: async () =>
      atomically(() => {
        dropOld();
        run(`UPDATE jobs SET lease_until = ? WHERE ${BUSY}`, now());
        return dropUnreadable();
      }),
  };
}

function ownerOf({ platform, id }: Member): string {
  return `${platform}:${id}`;
}

function keyOf({ member, key }: Pick<JobDraft, 'member' | 'key'>): string {
  return `${member.platform}:${key}`;
}

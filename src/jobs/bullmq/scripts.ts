/**
 * What is done with BullMQ's jobs in one step, in Lua. Every script gets the queue's prefix as its first argument. BullMQ
 * keeps a job in a hash named by its id, and its id in `prioritized` or `delayed` while it waits and in `active` while it
 * is somebody's: whose, says the key `<id>:lock`, which Redis itself lets expire. A job's owner is its `name`, its round
 * its `priority`; `cancel`, `forgotten`, `ending` and `made` are fields of ours.
 */
const COMMON = `
local prefix = ARGV[1]
local function field(id, name) return redis.call('HGET', prefix .. id, name) end
local function mark(id, ...) redis.call('HSET', prefix .. id, ...) end
local function lock(id) return redis.call('GET', prefix .. id .. ':lock') end
local function exists(id) return redis.call('EXISTS', prefix .. id) == 1 end
local function active() return redis.call('LRANGE', prefix .. 'active', 0, -1) end
local function waiting()
  local ids = redis.call('ZRANGE', prefix .. 'prioritized', 0, -1)
  for _, id in ipairs(redis.call('ZRANGE', prefix .. 'delayed', 0, -1)) do ids[#ids + 1] = id end
  return ids
end
local function hold(id, holder, milliseconds, now)
  redis.call('SET', prefix .. id .. ':lock', holder, 'PX', milliseconds)
  mark(id, 'processedOn', now)
  redis.call('HINCRBY', prefix .. id, 'ats', 1)
  return id
end
local function take(id, holder, milliseconds, now)
  redis.call('ZREM', prefix .. 'prioritized', id)
  redis.call('ZREM', prefix .. 'delayed', id)
  redis.call('LPUSH', prefix .. 'active', id)
  return hold(id, holder, milliseconds, now)
end
local function drop(id)
  redis.call('ZREM', prefix .. 'completed', id)
  redis.call('DEL', prefix .. id)
end
local function read(id)
  local lease = redis.call('GET', prefix .. id .. ':lock')
  return {
    id, redis.call('HGETALL', prefix .. id), redis.call('LPOS', prefix .. 'active', id) and 1 or 0,
    lease, redis.call('PTTL', prefix .. id .. ':lock')
  }
end
`;

/**
 * prefix, id, owner, most of an owner, most of all, milliseconds, call: makes room for a job. The room is kept for those
 * milliseconds, or until the job is there. A call whose answer was lost is made again, and the room is new to it still. Answers `{ 'known' }`, `{ 'too-many-queued' | 'queue-full', count }` or
 * `{ 'room', new (1 or 0), round, sequence }`.
 */
export const MAKE_ROOM = `${COMMON}
local id, owner, perOwner, most, keep = ARGV[2], ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if exists(id) then return { 'known' } end
local own, total, last, first = 0, 0, -1, nil
local function count(name, round)
  total = total + 1
  if name ~= owner then return end
  own = own + 1
  last = math.max(last, round)
end
local function countAll(ids)
  local lowest
  for _, each in ipairs(ids) do
    local kept = redis.call('HMGET', prefix .. each, 'name', 'priority')
    local round = tonumber(kept[2]) - 1
    count(kept[1], round)
    lowest = math.min(lowest or round, round)
  end
  return lowest
end
countAll(active())
first = countAll(waiting())
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rooms = redis.call('HGETALL', prefix .. 'rooms')
for at = 1, #rooms, 2 do
  local room = cjson.decode(rooms[at + 1])
  if room.ends <= now or exists(rooms[at]) then redis.call('HDEL', prefix .. 'rooms', rooms[at])
  elseif rooms[at] == id then return { 'room', room.call == ARGV[7] and 1 or 0, room.round, room.sequence }
  else count(room.owner, room.round) end
end
if own >= perOwner then return { 'too-many-queued', own } end
if total >= most then return { 'queue-full', total } end
if total == 0 then redis.call('DEL', prefix .. 'served') end
local served = math.max(0, tonumber(redis.call('GET', prefix .. 'served') or 0), (first or 0) - 1)
local round, sequence = math.max(served, last + 1), redis.call('INCR', prefix .. 'sequence')
redis.call('HSET', prefix .. 'rooms', id, cjson.encode({ owner = owner, round = round, sequence = sequence, ends = now + keep, call = ARGV[7] }))
return { 'room', 1, round, sequence }
`;

/** prefix, id: the room became a job. */
export const FILL_ROOM = `redis.call('HDEL', ARGV[1] .. 'rooms', ARGV[2])`;

/** prefix, id...: the jobs, each as `{ id, fields and values, active (1 or 0), holder, rest of the lease }`. */
export const READ = `${COMMON}
local jobs = {}
for at = 2, #ARGV do if exists(ARGV[at]) then jobs[#jobs + 1] = read(ARGV[at]) end end
return jobs
`;

/** prefix: the jobs that are somebody's, and those that wait, in no order. */
export const READ_LINE = `${COMMON}
local function readAll(ids)
  local jobs = {}
  for at, id in ipairs(ids) do jobs[at] = read(id) end
  return jobs
end
return { readAll(active()), readAll(waiting()) }
`;

/**
 * prefix, holder, milliseconds, now, made (1 or 0): takes the first taken job of those that are nobody's just now. Of those
 * that are made, nobody has begun to tell the member, or has died since; of the others the worker has.
 */
export const TAKE_LAPSED = `${COMMON}
local ids = active()
for at = #ids, 1, -1 do
  local made = field(ids[at], 'made') and '1' or '0'
  if made == ARGV[5] and not lock(ids[at]) then return hold(ids[at], ARGV[2], ARGV[3], ARGV[4]) end
end
return nil
`;

/** prefix, id, holder, milliseconds: the job is being served; its round counts from now on, and its lease lasts so long. */
export const SERVE = `${COMMON}
local id, holder = ARGV[2], ARGV[3]
local served = tonumber(redis.call('GET', prefix .. 'served') or 0)
redis.call('SET', prefix .. 'served', math.max(served, tonumber(field(id, 'priority') or 1) - 1))
if lock(id) == holder then redis.call('PEXPIRE', prefix .. id .. ':lock', ARGV[4]) end
`;

/** prefix, holder, milliseconds, now, time: takes the oldest waiting job accepted at that time or before. */
export const TAKE_OVERDUE = `${COMMON}
local oldest, accepted
for _, id in ipairs(waiting()) do
  local at = tonumber(field(id, 'timestamp'))
  if at <= tonumber(ARGV[5]) and (not oldest or at < accepted) then oldest, accepted = id, at end
end
return oldest and take(oldest, ARGV[2], ARGV[3], ARGV[4])
`;

/** prefix, id, holder, milliseconds, now: asks for a job's end. A waiting one is the holder's from now on, to be ended. */
export const CANCEL = `${COMMON}
local id = ARGV[2]
if not exists(id) or field(id, 'finishedOn') or field(id, 'ending') then return 'gone' end
mark(id, 'cancel', '1')
if redis.call('LPOS', prefix .. 'active', id) then return 'requested' end
take(id, ARGV[3], ARGV[4], ARGV[5])
return 'held'
`;

/** prefix, id, holder, ending: notes how a job is about to end, if it is the holder's. */
export const NOTE_ENDING = `${COMMON}
if lock(ARGV[2]) ~= ARGV[3] then return 0 end
mark(ARGV[2], 'ending', ARGV[4])
return 1
`;

/** prefix, id, holder, ending: a worker is done with the holder's job, which is nobody's from now on. */
export const HAND_OVER = `${COMMON}
if lock(ARGV[2]) ~= ARGV[3] then return 0 end
mark(ARGV[2], 'ending', ARGV[4], 'made', '1')
redis.call('DEL', prefix .. ARGV[2] .. ':lock')
return 1
`;

/** prefix, owner: forgets the owner's ended jobs, and marks the others to be forgotten when they end. */
export const FORGET = `${COMMON}
local owner = ARGV[2]
for _, id in ipairs(redis.call('ZRANGE', prefix .. 'completed', 0, -1)) do
  if field(id, 'name') == owner then drop(id) end
end
for _, ids in ipairs({ active(), waiting() }) do
  for _, id in ipairs(ids) do if field(id, 'name') == owner then mark(id, 'forgotten', '1') end end
end
`;

/** prefix, id: forgets an ended job that was marked so while it ended. */
export const DROP_FORGOTTEN = `${COMMON}
if field(ARGV[2], 'forgotten') then drop(ARGV[2]) end
`;

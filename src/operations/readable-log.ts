import { styleText } from 'node:util';

/** Where lines of a log go. */
interface Lines {
  write(line: string): void;
}

/** What stands in every line and tells a reader at a terminal nothing. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'stack']);

/** From which of pino's levels a line is named, and how; below them nothing is. */
const LEVELS = [
  [50, 'error', 'red'],
  [40, 'warning', 'yellow'],
] as const;

/**
 * Turns the JSON lines of a log into lines to read: time of day, level where something is wrong, message, fields. What is no
 * such line passes as it is.
 */
export function readableLines(out: Lines): Lines {
  return { write: (line) => out.write(`${describe(line) ?? line.trimEnd()}\n`) };
}

function describe(line: string): string | undefined {
  const entry = parse(line);
  if (!isObject(entry) || typeof entry['time'] !== 'number') return undefined;
  const level = Number(entry['level']);
  const [, name, colour] = LEVELS.find(([least]) => level >= least) ?? [];
  const fields = Object.entries(entry).filter(([key]) => !LEFT_OUT.has(key));
  const parts = [
    styleText('dim', new Date(entry['time']).toTimeString().slice(0, 8)),
    ...(name !== undefined && colour !== undefined ? [styleText(colour, name)] : []),
    say(entry['msg'] ?? ''),
    ...fields.map(([key, value]) => `${styleText('dim', `${key}:`)} ${say(value)}`),
  ];
  return parts.join('  ');
}

/** An error by its message and what led to it; everything else as it is. */
function say(value: unknown): string {
  if (!isObject(value)) return String(value);
  const { type, message, cause, code } = value;
  if (message === undefined) return JSON.stringify(value);
  const known = code === undefined ? '' : ` (${say(code)})`;
  return `${say(type)}: ${say(message)}${known}${cause === undefined ? '' : ` ← ${say(cause)}`}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

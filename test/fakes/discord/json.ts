import { invalid } from './api-error.js';

/** A JSON object whose fields are not yet known. */
export type Json = Readonly<Record<string, unknown>>;

export function asObject(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${what} is no object`);
  return value as Json;
}

/** The objects of a list; a missing list is empty. */
export function asObjects(value: unknown, what: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalid(`${what} is no list`);
  return value.map((item: unknown) => asObject(item, what));
}

/** Text of a length counted in characters, as Discord counts. */
export function asText(value: unknown, what: string, [min, max]: readonly [number, number]): string {
  const text = value ?? '';
  if (typeof text !== 'string') throw invalid(`${what} is no text`);
  const { length } = [...text];
  if (length < min || length > max) throw invalid(`${what} must be between ${min} and ${max} characters`);
  return text;
}

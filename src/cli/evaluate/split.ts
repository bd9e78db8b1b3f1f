import type { MeasuredPerson } from './measured.js';
import { computeMetrics, type EvaluationMetrics } from './metrics.js';

/** The metrics over some of the people, or over some of their albums. */
export interface Part {
  readonly people: number;
  readonly metrics: EvaluationMetrics;
}

/**
 * The metrics of each group of each kind, such as `gender` and `female`. Strangers are then people of the same group.
 * People that are in no group of a kind are left out of it.
 */
export function splitByGroup(
  people: readonly MeasuredPerson[],
  seed: number,
): Readonly<Record<string, Readonly<Record<string, Part>>>> {
  const kinds = sorted(people.flatMap(({ groups }) => Object.keys(groups)));
  return Object.fromEntries(
    kinds.map((kind) => {
      const names = sorted(people.flatMap(({ groups }) => groups[kind] ?? []));
      const parts = names.map((name) => {
        const members = people.filter(({ groups }) => groups[kind] === name);
        return [name, partOf(members, seed)] as const;
      });
      return [kind, Object.fromEntries(parts)];
    }),
  );
}

/** The metrics for each number of candidates for a portrait; empty where one number alone was tried. */
export function splitByCandidates(people: readonly MeasuredPerson[], seed: number): Readonly<Record<string, Part>> {
  const tried = new Set(people.flatMap(({ albums }) => albums.flatMap(({ candidates }) => candidates ?? [])));
  if (tried.size < 2) return {};
  const parts = [...tried].map((candidates) => [candidates, partOf(withCandidates(people, candidates), seed)] as const);
  return Object.fromEntries(parts);
}

/** The people with only those of their albums that were chosen from that many candidates for a portrait. */
export function withCandidates(
  people: readonly MeasuredPerson[],
  candidates: number | undefined,
): readonly MeasuredPerson[] {
  return people.map((person) => ({
    ...person,
    albums: person.albums.filter((album) => album.candidates === candidates),
  }));
}

function partOf(people: readonly MeasuredPerson[], seed: number): Part {
  return { people: people.length, metrics: computeMetrics(people, seed) };
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

import type { Tally } from './wishes.js';

/** What came of one part of the campaign. */
export interface Finding {
  readonly name: string;
  /** What was done, and how often; measurements with their unit in the name. */
  readonly counts: Readonly<Record<string, number>>;
  readonly tally: readonly Tally[];
  /** The most memory of the process that talks to members, in MiB. */
  readonly memory: number;
  /** Whether everything that was taken was over before the campaign went on. */
  readonly settled: boolean;
}

const COLUMNS = ['asked', 'taken', 'accepted', 'deliveredOnce', 'told', 'doubled', 'lost', 'unanswered'] as const;
const HEADINGS = ['asked', 'taken', 'accepted', 'delivered once', 'told', 'doubled', 'lost', 'taken, never answered'];

/** The findings as Markdown. */
export function render(findings: readonly Finding[]): string {
  const lines = [
    `| part | platform | ${HEADINGS.join(' | ')} |`,
    `| --- | --- | ${HEADINGS.map(() => '---').join(' | ')} |`,
    ...findings.flatMap(({ name, tally }) =>
      tally.map((row) => `| ${name} | ${row.platform} | ${COLUMNS.map((column) => row[column]).join(' | ')} |`),
    ),
    '',
    ...findings.map(({ name, counts, memory, settled }) => {
      const done = Object.entries(counts).map(([what, count]) => `${what}: ${count}`);
      const open = settled ? '' : '; not everything was over when the time was';
      return `- ${name}: ${[...done, `most memory: ${memory} MiB`].join(', ')}${open}.`;
    }),
  ];
  return lines.join('\n');
}

/** Whether nothing happened that must not. */
export function isSound({ tally, settled }: Finding): boolean {
  return settled && tally.every(({ doubled, lost, unanswered }) => doubled + lost + unanswered === 0);
}

import { readdirSync, readFileSync } from 'node:fs';

const everyMilliseconds = 20;

/** Watches the resident memory of a process and everything it started, on Linux. */
export interface MemoryWatch {
  /** Ends the watch; the most bytes seen at once, pages that processes share counted for each of them. */
  stop(): PeakMemory;
}

/** In bytes. */
export interface PeakMemory {
  readonly tree: number;
  /** Of the one process that held the most. */
  readonly largest: number;
}

/** Adds up the process tree's resident memory fifty times a second. */
export function watchMemory(root: number): MemoryWatch {
  let peak: PeakMemory = { tree: 0, largest: 0 };
  const look = (): void => {
    const held = residentBytes(root);
    const tree = held.reduce((sum, bytes) => sum + bytes, 0);
    peak = { tree: Math.max(peak.tree, tree), largest: Math.max(peak.largest, ...held) };
  };
  const timer = setInterval(look, everyMilliseconds);
  return {
    stop() {
      clearInterval(timer);
      look();
      return peak;
    },
  };
}

function residentBytes(root: number): number[] {
  const parents = new Map(listProcesses().map((pid) => [pid, readParent(pid)]));
  const inTree = (pid: number): boolean => pid === root || (parents.has(pid) && inTree(parents.get(pid) ?? 0));
  return [...parents.keys()].filter(inTree).map(readResident);
}

function listProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** The fourth field of `stat`; the second, a name in parentheses, may hold anything. A process gone by now has none. */
function readParent(pid: number): number {
  const stat = readProc(pid, 'stat');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
}

function readResident(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status'))?.[1] ?? 0) * 1024;
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

import type { CommandServices } from '../../commands/command.js';
import type { StatusBoard } from '../jobs/status-board.js';
import type { Worker } from '../jobs/worker.js';
import type { Pause } from '../data/pause.js';

/** What those who run the program may do: known by their ids, or by sitting at its machine. */
export function composeOwners(
  owners: readonly string[] = [],
  pause: Pause,
  { worker, board }: { readonly worker: Pick<Worker, 'wake'>; readonly board: Pick<StatusBoard, 'refresh'> },
): Pick<CommandServices, 'isOwner' | 'pause'> {
  return {
    isOwner: async ({ member: { platform, id }, standing }) =>
      platform === 'web' ? standing.mayAdminister() : owners.includes(`${platform}:${id}`),
    pause: {
      isOn: pause.isOn,
      async set(on) {
        await pause.set(on);
        worker.wake();
        await board.refresh();
      },
    },
  };
}

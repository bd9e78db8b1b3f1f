import { createMemoryStore } from '../../src/jobs/memory.js';
import { testJobStore } from '../contract/job-store.js';

testJobStore('memory store', async () => {
  let now = 0;
  return {
    store: createMemoryStore({ now: () => now }),
    advance: (milliseconds) => void (now += milliseconds),
    close: async () => undefined,
  };
});

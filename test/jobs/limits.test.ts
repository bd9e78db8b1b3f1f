import { Keyv } from 'keyv';
import { createCounts } from '../../src/jobs/counts.js';
import { testLimits } from '../contract/limits.js';

testLimits('limits of one process', async (now) => {
  const facts = new Keyv();
  return () => createCounts({ facts, now });
});

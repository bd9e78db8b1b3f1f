import type { Session } from '../session.js';
import { floatsOf, type FloatTensor } from '../tensor.js';

/** Runs a graph of one input; its outputs as float32 values, in the graph's order. */
export async function runGraph(session: Session, input: FloatTensor): Promise<Float32Array[]> {
  const [name] = session.inputNames;
  if (name === undefined) throw new RangeError('Expected a graph with one input');
  const outputs = await session.run({ [name]: input });
  return session.outputNames.map((output) => {
    const tensor = outputs[output];
    if (!tensor) throw new RangeError(`Expected the graph to give ${output}`);
    return floatsOf(tensor);
  });
}

/** Turns scores into probabilities that sum to 1. */
export function softmax(scores: Float32Array | readonly number[]): number[] {
  const largest = Math.max(...scores);
  const weights = Array.from(scores, (score) => Math.exp(score - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

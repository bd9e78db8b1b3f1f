import { pickInputs, type Graphs, type Tensors } from '../graphs.js';
import { floatTensor } from '../tensor.js';
import type { TextTokenizer } from './tokenizer.js';

/**
 * A sentence to the text keys and values of the U-Net's blocks. `person` holds the outputs of the graph `identity`; the
 * graph itself puts the person's `sks_embedding` (float32 [1, Dt]) in the place of the sks token.
 * @throws LikenessError `prompt-too-detailed` when the sentence has too many tokens.
 */
export async function encodeText(
  graphs: Graphs,
  tokenizer: TextTokenizer,
  { sentence, person }: { readonly sentence: string; readonly person: Tensors },
): Promise<Tensors> {
  const inputs = { ...person, input_ids: tokenizer.sequence(sentence) };
  return graphs.run('text_encoder', pickInputs(inputs, graphs.inputNames('text_encoder')));
}

/** What stands for the person where there is none: zeros, shaped like the outputs of the graph `identity`. */
export function withoutPerson(person: Tensors): Tensors {
  return Object.fromEntries(Object.entries(person).map(([name, { dims }]) => [name, floatTensor(dims)]));
}

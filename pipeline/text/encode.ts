import { pickInputs, type Graphs, type Tensors } from '../graphs.js';
import type { Tensor } from '../tensor.js';
import type { TextTokenizer } from './tokenizer.js';

/**
 * A sentence to the text keys and values of the U-Net's blocks; the graph itself puts the person's embedding (float32
 * [1, Dt]) in the place of the sks token.
 * @throws LikenessError `prompt-too-detailed` when the sentence has too many tokens.
 */
export async function encodeText(
  graphs: Graphs,
  tokenizer: TextTokenizer,
  { sentence, sksEmbedding }: { readonly sentence: string; readonly sksEmbedding: Tensor },
): Promise<Tensors> {
  const inputs = { input_ids: tokenizer.sequence(sentence), sks_embedding: sksEmbedding };
  return graphs.run('text_encoder', pickInputs(inputs, graphs.inputNames('text_encoder')));
}

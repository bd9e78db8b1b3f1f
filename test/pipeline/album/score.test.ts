import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scoreCandidate, showsExpression, SIDE_DEGREES } from '../../../pipeline/album/score.js';
import { candidateWith, faceless, mixedCandidates } from './candidates.js';

const SIDES = ['left', 'right', 'front'] as const;

const plain = (identity: number, sharpness: number) => scoreCandidate(candidateWith({ identity, sharpness }), {});

const sided = (yaw: number, side: (typeof SIDES)[number]) => scoreCandidate(candidateWith({ yaw }), { side });

describe('scoreCandidate', () => {
  it('stays within 0 and 1, whatever is asked', () => {
    for (const candidate of mixedCandidates(3, 200)) {
      for (const side of SIDES) {
        const score = scoreCandidate(candidate, { side, expression: 'happy' });
        assert.ok(score >= 0 && score <= 1);
      }
    }
  });

  it('gives nothing to a picture without a face', () => {
    assert.equal(scoreCandidate(faceless(), { expression: 'happy' }), 0);
  });

  it('rises with likeness and sharpness', () => {
    assert.ok(plain(0.5, 100) > plain(0.3, 100));
    assert.ok(plain(0.3, 200) > plain(0.3, 50));
    assert.ok(plain(0.4, 20) > plain(0.2, 60));
  });

  it('rises with the probability of the asked expression, and counts it only when asked', () => {
    const sure = candidateWith({ expression: 'happy', probability: 0.9 });
    const unsure = candidateWith({ expression: 'happy', probability: 0.4 });
    assert.ok(scoreCandidate(sure, { expression: 'happy' }) > scoreCandidate(unsure, { expression: 'happy' }));
    assert.ok(scoreCandidate(sure, { expression: 'sad' }) < scoreCandidate(unsure, { expression: 'sad' }));
    assert.equal(scoreCandidate(sure, {}), scoreCandidate(unsure, {}));
  });

  it('counts an expression as shown from an even chance on, and not where nobody looked', () => {
    const [sure, likely] = [0.9, 0.5].map((probability) => candidateWith({ expression: 'happy', probability }));
    assert.ok(sure && likely);
    assert.equal(scoreCandidate(sure, { expression: 'happy' }), scoreCandidate(likely, { expression: 'happy' }));
    const unseen = { ...sure, expression: undefined };
    assert.ok(scoreCandidate(unseen, { expression: 'happy' }) < scoreCandidate(likely, { expression: 'happy' }));
    assert.deepEqual(
      [sure, unseen].map((candidate) => showsExpression(candidate, { expression: 'happy' })),
      [true, false],
    );
    assert.ok(showsExpression(unseen, {}));
  });

  it('knows left from right as the viewer sees it, and front from both', () => {
    const beyond = SIDE_DEGREES + 1;
    assert.ok(sided(beyond, 'right') > sided(0, 'right'));
    assert.ok(sided(beyond, 'right') > sided(-beyond, 'right'));
    assert.ok(sided(-beyond, 'left') > sided(beyond, 'left'));
    assert.ok(sided(0, 'front') > sided(2 * beyond, 'front'));
    assert.equal(sided(SIDE_DEGREES, 'front'), sided(-SIDE_DEGREES, 'front'));
    assert.ok(sided(8, 'right') > sided(3, 'right'), 'nearly there is better than not at all');
    assert.equal(sided(beyond, 'right'), sided(beyond + 20, 'right'));
  });

  it('puts a missed request below a usual difference in likeness', () => {
    const happy = candidateWith({ expression: 'happy', identity: 0.2 });
    const alike = candidateWith({ expression: 'neutral', identity: 0.4 });
    assert.ok(scoreCandidate(happy, { expression: 'happy' }) > scoreCandidate(alike, { expression: 'happy' }));
    const turned = candidateWith({ yaw: 20, identity: 0.2 });
    assert.ok(scoreCandidate(turned, { side: 'right' }) > scoreCandidate(alike, { side: 'right' }));
  });
});

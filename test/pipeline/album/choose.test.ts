import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Candidate } from '../../../pipeline/album/candidate.js';
import { chooseAlbum, type ChosenCandidate } from '../../../pipeline/album/choose.js';
import { LOW_IDENTITY, scoreCandidate } from '../../../pipeline/album/score.js';
import type { Asked } from '../../../pipeline/text/prompt.js';
import { candidateWith, faceless, mixedCandidates } from './candidates.js';

const WISHES: Asked[] = [{}, { expression: 'happy' }, { side: 'left' }, { expression: 'sad', side: 'front' }];

/** Runs a property over many mixed sets of candidates, counts and requests. */
function forAlbums(check: (candidates: Candidate[], chosen: ChosenCandidate[], count: number) => void): void {
  for (let seed = 0; seed < 60; seed++) {
    const candidates = mixedCandidates(seed, (seed * 7) % 17);
    for (const asked of WISHES) {
      const count = 1 + (seed % 10);
      check(candidates, chooseAlbum(candidates, { count, asked }), count);
    }
  }
}

const candidatesOf = (choices: readonly ChosenCandidate[]) => choices.map(({ candidate }) => candidate);

describe('chooseAlbum, whatever the candidates', () => {
  it('gives as many as asked, or all there are, each once', () => {
    forAlbums((candidates, chosen, count) => {
      assert.equal(chosen.length, Math.min(count, candidates.length));
      assert.equal(new Set(candidatesOf(chosen)).size, chosen.length);
      assert.ok(candidatesOf(chosen).every((candidate) => candidates.includes(candidate)));
    });
  });

  it('gives the same album again', () => {
    for (const asked of WISHES) {
      const album = () => chooseAlbum(mixedCandidates(11, 16), { count: 8, asked });
      assert.deepEqual(album(), album());
    }
  });

  it('takes a faceless picture only when no face is left, and says so', () => {
    forAlbums((candidates, chosen) => {
      const faces = candidates.filter(({ reading }) => reading).length;
      chosen.forEach(({ candidate, doubt, score }, place) => {
        assert.equal(!candidate.reading, doubt === 'no-face');
        assert.equal(!candidate.reading, place >= faces);
        if (doubt === 'no-face') assert.equal(score, 0);
      });
    });
  });

  it('takes a stranger only when nobody else is left, and says so', () => {
    forAlbums((candidates, chosen) => {
      const alike = candidates.filter(({ reading, identity }) => reading && identity >= LOW_IDENTITY).length;
      chosen.forEach(({ candidate, doubt }, place) => {
        if (!candidate.reading) return;
        assert.equal(candidate.identity < LOW_IDENTITY, doubt === 'low-identity');
        assert.equal(candidate.identity < LOW_IDENTITY, place >= alike);
      });
    });
  });

  it('takes a picture of several people after those of strangers, and says so', () => {
    const crowd = { ...candidateWith({ identity: 0.9 }), people: 2 };
    const [first, second] = chooseAlbum([crowd, candidateWith({ identity: 0.02 })], { count: 2, asked: {} });
    assert.equal(first?.doubt, 'low-identity');
    assert.deepEqual([second?.candidate, second?.doubt], [crowd, 'several-people']);
  });

  it('starts with the best of those that show the person', () => {
    forAlbums((candidates, [first]) => {
      const alike = candidates.filter(({ reading, identity }) => reading && identity >= LOW_IDENTITY);
      if (!first || alike.length === 0) return;
      assert.equal(first.doubt, undefined);
    });
    const candidates = mixedCandidates(8, 16);
    for (const asked of WISHES) {
      const [first] = chooseAlbum(candidates, { count: 1, asked });
      const alike = candidates.filter(({ identity }) => identity >= LOW_IDENTITY);
      assert.equal(first?.score, Math.max(...alike.map((candidate) => scoreCandidate(candidate, asked))));
    }
  });

  it('leaves the candidates as they were', () => {
    const candidates = mixedCandidates(5, 12);
    const copy = structuredClone(candidates);
    chooseAlbum(candidates, { count: 6, asked: {} });
    assert.deepEqual(candidates, copy);
  });
});

describe('chooseAlbum', () => {
  it('avoids duplicates while there is something else, and says when it cannot', () => {
    const best = candidateWith({ identity: 0.6, look: 1 });
    const twin = candidateWith({ identity: 0.6, look: 1, yaw: 1 });
    const other = candidateWith({ identity: 0.2, look: 2, yaw: 10 });
    const two = chooseAlbum([best, twin, other], { count: 2, asked: {} });
    assert.deepEqual(candidatesOf(two), [best, other]);
    const three = chooseAlbum([best, twin, other], { count: 3, asked: {} });
    assert.deepEqual(
      three.map(({ doubt }) => doubt),
      [undefined, undefined, 'duplicate'],
    );
  });

  it('prefers the asked expression and side to a little more likeness', () => {
    const asked: Asked = { expression: 'happy', side: 'left' };
    const right = candidateWith({ identity: 0.5, yaw: 20, expression: 'happy', look: 1 });
    const grave = candidateWith({ identity: 0.5, yaw: -20, expression: 'sad', look: 2 });
    const requested = candidateWith({ identity: 0.3, yaw: -20, expression: 'happy', look: 3 });
    assert.equal(chooseAlbum([right, grave, requested], { count: 1, asked })[0]?.candidate, requested);
  });

  it('varies the pose where candidates are about as good', () => {
    const front = candidateWith({ identity: 0.45, look: 1 });
    const frontAgain = candidateWith({ identity: 0.42, look: 2, yaw: 2 });
    const turned = candidateWith({ identity: 0.38, look: 3, yaw: 25 });
    assert.deepEqual(candidatesOf(chooseAlbum([front, frontAgain, turned], { count: 2, asked: {} })), [front, turned]);
  });

  it('does not vary what was asked for', () => {
    const asked: Asked = { expression: 'happy' };
    const first = candidateWith({ identity: 0.5, expression: 'happy', look: 1 });
    const second = candidateWith({ identity: 0.4, expression: 'happy', look: 2, pitch: 5 });
    const sad = candidateWith({ identity: 0.4, expression: 'sad', look: 3, pitch: 5 });
    assert.deepEqual(candidatesOf(chooseAlbum([first, sad, second], { count: 2, asked })), [first, second]);
  });

  it('keeps the order of candidates that are equal', () => {
    const candidates = [1, 2, 3].map((look) => ({ ...faceless(), look }));
    const chosen = chooseAlbum(candidates, { count: 2, asked: {} });
    assert.deepEqual(
      chosen.map(({ candidate }) => candidate.look),
      [1, 2],
    );
  });

  it('gives nothing for nothing', () => {
    assert.deepEqual(chooseAlbum([], { count: 4, asked: {} }), []);
    assert.deepEqual(chooseAlbum([faceless()], { count: 0, asked: {} }), []);
  });
});

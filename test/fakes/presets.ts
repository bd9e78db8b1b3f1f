import { type Preset, presetsOf } from '../../src/chat/presets.js';

/** Presets as a small bundle would have them. */
export const testPresets = presetsOf({
  styles: { 'pencil sketch': ['pencil sketch', 'pencil drawing'], watercolour: ['watercolour'], neon: ['neon'] },
  expressions: { happy: ['smiling', 'happy'], sad: ['sad'] },
  sides: { left: ['looking left'], right: ['looking right'] },
  tilts: { 'tilted left': ['head tilted left'] },
  accessories: { 'santa hat': ['wearing a santa hat', 'santa hat'], glasses: ['wearing glasses', 'glasses'] },
  backdrops: { snow: ['in the snow', 'snow'] },
  lights: { 'red light': ['in red light', 'red light'] },
  classWords: ['person', 'man', 'woman'],
});

/** As many styles as are wanted, `style 1` first. */
export function manyStyles(count: number): Preset[] {
  return Array.from({ length: count }, (_, index) => ({ name: `style ${index + 1}`, words: `style ${index + 1}` }));
}

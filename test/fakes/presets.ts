import { presetsOf } from '../../commands/presets.js';

/** Presets as a small bundle would have them. */
export const testPresets = presetsOf({
  styles: { 'pencil sketch': ['pencil sketch', 'pencil drawing'], watercolour: ['watercolour'], neon: ['neon'] },
  expressions: { happy: ['smiling', 'happy'], sad: ['sad'] },
  sides: { left: ['looking left'], right: ['looking right'] },
  tilts: { 'tilted left': ['head tilted left'] },
  classWords: ['person', 'man', 'woman'],
});

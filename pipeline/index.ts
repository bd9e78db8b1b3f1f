/** The face of the pipeline: what the rest of the program may use of it. */

// Bundles: the files of a model.
export { bundleGaps } from './bundle-gaps.js';
export { bundleFiles, checkFile, loadBundle, loadManifest, MANIFEST_FILE, readManifest } from './bundle.js';
export type { BundleFile } from './bundle.js';
export type { Manifest, Vocabulary } from './bundle-manifest.js';

// Requests: what portraits are asked for, and what comes back.
export { checkRequest, STAGES } from './request.js';
export type { Album, Portrait, PortraitRequest, Progress, Stage } from './request.js';
export { LIKENESS_ASKED, LOW_IDENTITY, SIDE_DEGREES } from './album/score.js';
export { SAMPLER_NAMES } from './diffusion/samplers/index.js';
export type { SamplerName } from './diffusion/samplers/index.js';
export { ADDITIONS, readPrompt, SIDES } from './text/prompt.js';
export type { Addition, Asked, Side } from './text/prompt.js';

// The engine: a process of its own that makes portraits.
export { createEngine } from './engine/supervisor.js';
export type { Engine, EngineEvent } from './engine/supervisor.js';
export { DEFAULT_LIMITS } from './engine/limits.js';
export type { EngineLimits } from './engine/limits.js';
export { MEMORY_PLANS, weightBytes } from './memory-plan.js';
export { PROVIDERS } from './providers.js';

// Faces and images, for measuring portraits.
export { openFaceAnalyser } from './face/analyser.js';
export type { FaceAnalyser } from './face/analyser.js';
export { alignFace, arcFaceTemplate } from './face/align.js';
export type { Expression, Face } from './face/face.js';
export { onlyFace } from './face/only-face.js';
export { decodeImage, resizeImage } from './image.js';
export type { RgbImage } from './image.js';
export { philox4x32 } from './diffusion/noise.js';
export { openSession } from './session.js';
export { floatsOf, imagesToTensor } from './tensor.js';

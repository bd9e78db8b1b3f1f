import { loadConfig, type Config } from '../config.js';
import { errorText } from '../language/texts.js';
import type { Check } from './doctor/check.js';
import { type CheckName, checkNames } from './doctor/names.js';
import { checkData, checkKey } from './doctor/data.js';
import { checkDisk, checkMachineMemory, checkNode, checkPorts } from './doctor/machine.js';
import { checkBundle, checkEngine, checkFaces } from './doctor/model.js';
import type { CliContext } from './services.js';

/** Everything that is looked at once the configuration can be read. */
const checks = {
  node: checkNode,
  memory: checkMachineMemory,
  disk: checkDisk,
  bundle: checkBundle,
  faces: checkFaces,
  engine: checkEngine,
  data: checkData,
  key: checkKey,
  port: checkPorts,
  redis: ({ services }, config) => services.examineRedis(config),
  discord: ({ services }, config) => services.examineDiscord(config),
  telegram: ({ services }, config) => services.examineTelegram(config),
} as const satisfies Readonly<Record<CheckName, Check>>;

/** Options of `likeness doctor`, as given. */
export interface DoctorOptions {
  readonly json?: boolean;
  /** The checks to make; every one when none is named. */
  readonly only?: readonly string[];
}

/** One thing `doctor` found. */
interface Finding {
  readonly check: 'config' | CheckName;
  readonly ok: boolean;
  /** What was found, and when it is wrong how to mend it. */
  readonly detail: string;
}

/** Looks at everything the program needs, writes what it found, and answers whether all is well. */
export async function runDoctor({ json, only = [] }: DoctorOptions, context: CliContext): Promise<boolean> {
  const chosen = checkNames.filter((name) => only.length === 0 || only.includes(name));
  const findings = await findAll(chosen, context);
  const wrong = findings.filter(({ ok }) => !ok).length;
  if (json === true) context.stdout.write(`${JSON.stringify({ ok: wrong === 0, findings }, undefined, 2)}\n`);
  else context.stdout.write(`${describe(findings, wrong, context)}\n`);
  return wrong === 0;
}

async function findAll(chosen: readonly CheckName[], context: CliContext): Promise<Finding[]> {
  const config = readConfig(context);
  if ('check' in config) return [config];
  const findings: Finding[] = [{ check: 'config', ok: true, detail: context.t('cli.doctor.config-ok') }];
  for (const check of chosen) findings.push(...(await find(check, context, config)));
  return findings;
}

function readConfig(context: CliContext): Config | Finding {
  try {
    return loadConfig(context);
  } catch (error) {
    return { check: 'config', ok: false, detail: errorText(error, context.t) };
  }
}

async function find(check: CheckName, context: CliContext, config: Config): Promise<Finding[]> {
  const { t } = context;
  try {
    const observations = await checks[check](context, config);
    return observations.map(({ ok, key, data }) => ({ check, ok, detail: t(key, data) }));
  } catch (error) {
    return [{ check, ok: false, detail: errorText(error, t) }];
  }
}

function describe(findings: readonly Finding[], wrong: number, { t }: CliContext): string {
  const lines = findings.map(({ check, ok, detail }) =>
    t(ok ? 'cli.doctor.ok' : 'cli.doctor.wrong', { check: t(`cli.doctor.${check}`), detail }),
  );
  return [...lines, wrong === 0 ? t('cli.doctor.all-well') : t('cli.doctor.some-wrong', { count: wrong })].join('\n');
}

/** Checks who imports whom: `tsx scripts/dependency-rule.ts [ROOT]`. Exit code 1 and one line for each broken rule. */
import { resolve } from 'node:path';
import { readModuleGraph } from './dependency-rule/module-graph.js';
import { findViolations } from './dependency-rule/rules.js';

const graph = readModuleGraph(resolve(process.argv[2] ?? '.'));
const violations = findViolations(graph);
for (const { rule, message } of violations) console.error(`${message} (rule: ${rule})`);
if (violations.length > 0) process.exitCode = 1;
else console.log(`Dependency rule: ${graph.length} imports, all allowed.`);

// Prints what GitHub's own parser says is wrong with a file, as JSON: an action, or a workflow.
// Runs under tsx: the parser is an ES module that imports JSON as bundlers take it, and Node alone does not.
import { readFileSync } from 'node:fs';
import { NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/action-parser';

const [kind] = process.argv.slice(2);
const parse = kind === 'action' ? parseAction : parseWorkflow;
const result = parse({ name: kind, content: readFileSync(0, 'utf8') }, new NoOperationTraceWriter());
console.log(JSON.stringify(result.context.errors.getErrors().map((error) => error.message)));

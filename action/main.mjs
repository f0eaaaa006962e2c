// The action: compares, checks, and tells it in the summary, in annotations and in one comment.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { upsertComment } from './comment.mjs';
import { commitOf, pathsAt, readEvent } from './event.mjs';
import { GitHubApi } from './github-api.mjs';
import { readInputs } from './inputs.mjs';
import { COMMENT_LIMIT, DIFF_SHARE, joined, uncompared, verdictOf } from './report.mjs';
import { uploadSarif } from './sarif.mjs';
import { annotation, inert } from './workflow-commands.mjs';

const { env } = process;

try {
  process.exitCode = await main();
} catch (error) {
  process.stdout.write(annotation('error', error.message));
  process.exitCode = 2;
}

/** @returns 0 clean, 1 what the workflow said is to fail */
async function main() {
  const inputs = readInputs(env);
  const event = readEvent(env);
  const revision = inputs.base || event.base;
  if (revision === undefined) throw new Error(`the event ${env.GITHUB_EVENT_NAME} does not say with what to compare. Instead: the input base`);

  const base = commitOf(revision);
  const cluster = flag('--cluster', inputs.cluster);
  const input = [...inputs.inventory.flatMap((path) => ['--inventory', path]), ...flag('--cni', inputs.cni)];
  const sources = inputs.paths.length > 0 ? inputs.paths : ['netpol.yaml'];
  // the pull request that brings the first manifests, or this action, has a base without them
  const isComparable = pathsAt(base, sources).length > 0;

  const check = (form, failOn, ...more) =>
    netpol(inputs, ['check', ...inputs.paths, ...cluster, ...input, ...flag('--baseline', inputs.baseline), ...more, '-o', form, '--fail-on', failOn]);
  const since = isComparable ? ['--since', base] : [];
  // before the comparison: what keeps policies from being read is told at its line
  const annotated = inputs.check ? check('github', isComparable ? inputs.checkFailOn : 'never', ...since) : undefined;
  process.stdout.write(annotated?.stdout ?? '');
  const findings = inputs.check ? check('markdown', 'warning', ...since) : undefined;

  const { diff, verdict, line } = isComparable ? compared()
    : { diff: uncompared(inputs.cluster, sources), verdict: 'none', line: `the base has no ${sources.join(', ')} yet: nothing to compare with` };
  const isWider = verdict === 'wider' || verdict === 'mixed';
  process.stdout.write(annotation(isWider ? 'warning' : 'notice', line));

  /** A field that nobody knows is a finding, with its line; without the check it ends the comparison. */
  function compared() {
    const told = inputs.check ? ['--allow-unknown', '--max-length', String(DIFF_SHARE)] : ['--max-length', String(COMMENT_LIMIT)];
    const { stdout } = netpol(inputs, ['diff', `${base}..HEAD`, ...inputs.paths, ...cluster, ...input, '-o', 'markdown', '--fail-on', 'never', ...told]);
    return { diff: stdout, ...verdictOf(stdout) };
  }

  const body = joined(diff, findings?.stdout);
  const report = join(env.RUNNER_TEMP ?? '.', `netpol-report${inputs.cluster === '' ? '' : `-${encodeURIComponent(inputs.cluster)}`}.md`);
  writeFileSync(report, body);
  if (env.GITHUB_OUTPUT) appendFileSync(env.GITHUB_OUTPUT, `report=${report}\n`);
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, body);

  const api = new GitHubApi({ url: env.GITHUB_API_URL, token: inputs.token });
  const repository = env.GITHUB_REPOSITORY;
  if (inputs.comment && event.pullRequest !== undefined) {
    // a pull request that changes nothing needs no comment, but one that did needs to hear that it does no more
    const createIfMissing = verdict !== 'none' || !isComparable || findings?.status === 1;
    await attempt('the comment was not written; the summary of the run has the same text', () =>
      upsertComment(api, { repository, number: event.pullRequest, body, createIfMissing }));
  }
  if (inputs.sarif) {
    await attempt('the findings were not uploaded to code scanning', () =>
      // all of them: code scanning takes what is missing for mended
      uploadSarif(api, { repository, commit: env.GITHUB_SHA, ref: env.GITHUB_REF, sarif: check('sarif', 'never').stdout }));
  }
  const fails = (inputs.failOn === 'any' && verdict !== 'none') || (inputs.failOn === 'wider' && isWider) || annotated?.status === 1;
  return fails ? 1 : 0;
}

/** Whether the step fails is about policies: trouble with the API is told, as a notice where the token may not, and changes nothing. */
async function attempt(consequence, action) {
  try {
    await action();
  } catch (error) {
    const isRefusal = error.isRefusal === true;
    const why = isRefusal ? 'the token may not (a pull request from a fork has a read-only one; elsewhere see "permissions" in docs/pull-requests.md)' : error.message;
    process.stdout.write(annotation(isRefusal ? 'notice' : 'warning', `${consequence}: ${why}`));
  }
}

/** Runs netpol; what it says to people goes to the log. Anything but an answer ends the action. */
function netpol({ netpol: installed }, args) {
  const { status, stdout, stderr, error } = spawnSync(commandOf(installed), args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (error !== undefined) throw new Error(`netpol cannot be run: ${error.message}`);
  process.stdout.write(inert(stderr));
  if (status !== 0 && status !== 1) throw new Error(`netpol ${args[0]} failed (${status}): ${stderr.trim().split('\n').slice(0, 20).join('\n')}`);
  return { status, stdout };
}

function commandOf(installed) {
  if (installed !== '') return installed;
  const own = resolve('node_modules', '.bin', 'netpol');
  return existsSync(own) ? own : 'netpol';
}

function flag(name, value) {
  return value === '' ? [] : [name, value];
}

import { Staged } from 'cdk8s-netpol/analysis';
import { Command } from 'commander';
import { wordOption } from './word-option';

/** The flags of every verb that looks at a cluster: which one it is and what is known of it. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly context?: string;
  readonly inventory?: readonly string[];
  readonly cni?: string;
  readonly staged?: Staged;
  readonly allowUnknown?: boolean;
}

export const STAGED: readonly Staged[] = ['ignored', 'enforced'];

/** Adds the flags, and the PATHs, to a verb. */
export function withClusterInput(command: Command): Command {
  return withCluster(withPaths(command));
}

/** For a verb whose arguments are not PATHs alone. */
export function withCluster(command: Command): Command {
  return withLiveCluster(command, withClusterFlags);
}

/** For a verb to which a field that nobody knows is an answer, not an obstacle. */
export function withCheckedInput(command: Command): Command {
  return withLiveCluster(withPaths(command), withContextFlags);
}

function withPaths(command: Command): Command {
  return command.argument('[PATH...]', 'files, folders, or - for standard input; else what netpol.yaml says');
}

function withLiveCluster(command: Command, withFlags: (command: Command) => Command): Command {
  return withFlags(command).option('--context <NAME>', 'read a live cluster, by this context of the kubeconfig');
}

/** Without `--context`: for verbs that compare manifests. */
export function withClusterFlags(command: Command): Command {
  return withContextFlags(command).option('--allow-unknown', 'answer although a policy has fields that nobody knows');
}

function withContextFlags(command: Command): Command {
  return command
    .option('--cluster <NAME>', 'the cluster of netpol.yaml to look at')
    .option('--inventory <PATH>', 'more manifests of the same cluster: workloads for context (repeatable)', collect)
    .option('--cni <CNI>', 'what enforces policy: NAME[@VERSION][,SETTING=VALUE...]; generic if nothing is said')
    .addOption(wordOption('--staged <CHOICE>', 'staged policies are ignored, as in the cluster, or evaluated as if they were enforced (default: ignored)', STAGED));
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}

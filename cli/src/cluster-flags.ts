import { Command } from 'commander';

/** The flags of every verb that looks at a cluster: which one it is and what is known of it. */
export interface ClusterFlags {
  readonly cluster?: string;
  readonly context?: string;
  readonly inventory?: readonly string[];
  readonly cni?: string;
  readonly allowUnknown?: boolean;
}

/** Adds the flags, and the PATHs, to a verb. */
export function withClusterInput(command: Command): Command {
  const withPaths = command.argument('[PATH...]', 'files, folders, or - for standard input; else what netpol.yaml says');
  return withClusterFlags(withPaths).option('--context <NAME>', 'read a live cluster, by this context of the kubeconfig');
}

/** Without `--context`: for verbs that compare manifests. */
export function withClusterFlags(command: Command): Command {
  return command
    .option('--cluster <NAME>', 'the cluster of netpol.yaml to look at')
    .option('--inventory <PATH>', 'more manifests of the same cluster: workloads for context (repeatable)', collect)
    .option('--cni <CNI>', 'what enforces policy: NAME[@VERSION][,SETTING=VALUE...]; generic if nothing is said')
    .option('--allow-unknown', 'answer although a policy has fields that nobody knows');
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}

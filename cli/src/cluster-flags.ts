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

const FLAGS = {
  cluster: (command: Command) => command.option('--cluster <NAME>', 'the cluster of netpol.yaml to look at'),
  inventory: (command: Command) => command.option('--inventory <PATH>', 'more manifests of the same cluster: workloads for context (repeatable)', collect),
  cni: (command: Command) => command.option('--cni <CNI>', 'what enforces policy: NAME[@VERSION][,SETTING=VALUE...]; generic if nothing is said'),
  allowUnknown: (command: Command) => command.option('--allow-unknown', 'answer although a policy has fields that nobody knows'),
};

/** Without `--context`: for verbs that compare manifests, or that ask about files and need some of the flags only. */
export function withClusterFlags(command: Command, names = Object.keys(FLAGS) as ReadonlyArray<keyof typeof FLAGS>): Command {
  return names.reduce((each, name) => FLAGS[name](each), command);
}

/** The flags as they were written, for a command line that asks the same again. */
export function clusterFlagWords({ cluster, context, inventory = [], cni, allowUnknown }: ClusterFlags): readonly string[] {
  return [
    ...(cluster === undefined ? [] : ['--cluster', cluster]),
    ...(context === undefined ? [] : ['--context', context]),
    ...inventory.flatMap((path) => ['--inventory', path]),
    ...(cni === undefined ? [] : ['--cni', cni]),
    ...(allowUnknown === true ? ['--allow-unknown'] : []),
  ];
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...before ?? [], value];
}

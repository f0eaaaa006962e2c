import { Command, Option } from 'commander';

/** A flag, and what may follow it. */
export interface FlagModel {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

export interface VerbModel {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly FlagModel[];
  /** The words that its first argument may be, where they are known. */
  readonly words: readonly string[];
}

/** What can be completed, from the command line itself: a flag that is added there is in every shell's script. */
export function completionModel(program: Command): readonly VerbModel[] {
  return program.commands.map((command) => ({
    name: command.name(),
    summary: command.summary(),
    flags: [...flagsOf(command), HELP],
    words: command.commands.length > 0 ? command.commands.map((each) => each.name()) : command.registeredArguments[0]?.argChoices ?? [],
  }));
}

/** A verb that has verbs of its own is completed with the flags of all of them. */
function flagsOf(command: Command): readonly FlagModel[] {
  const flags = [command, ...command.commands].flatMap(({ options }) => options.filter(({ hidden }) => !hidden).map(flagModel));
  return [...new Map(flags.map((flag) => [flag.names.join(), flag])).values()];
}

const HELP: FlagModel = { names: ['-h', '--help'], description: 'display help for command', takesValue: false, choices: [] };

function flagModel({ short, long, description, required, optional, argChoices }: Option): FlagModel {
  return {
    names: [short, long].filter((name) => name !== undefined),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}

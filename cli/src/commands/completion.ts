import { Argument, Command } from 'commander';
import { bashScript } from '../completion/bash';
import { fishScript } from '../completion/fish';
import { completionModel } from '../completion/model';
import { zshScript } from '../completion/zsh';
import { program } from '../program';
import { Run } from '../run';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

const EXAMPLES = `
Examples:
  source <(netpol completion bash)
  netpol completion zsh > ~/.zfunc/_netpol
  netpol completion fish > ~/.config/fish/completions/netpol.fish
`;

/** `netpol completion`: the script is made from the flags themselves. */
export function define(command: Command, run: Run): void {
  command
    .description('Writes a script that lets a shell complete verbs, flags and their values.')
    .addArgument(new Argument('<SHELL>', 'the shell').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: keyof typeof SCRIPTS) => {
      await run.print([SCRIPTS[shell](completionModel(program(run, 'every verb')))]);
    });
}

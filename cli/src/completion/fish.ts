import { FlagModel, VerbModel } from './model';

/** `netpol completion fish > ~/.config/fish/completions/netpol.fish`. */
export function fishScript(verbs: readonly VerbModel[]): string {
  const lines = verbs.flatMap(({ name, summary, flags, words }) => {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c netpol -n __fish_use_subcommand -f -a ${name} -d ${quote(summary)}`,
      ...(words.length > 0 ? [`complete -c netpol ${seen} -f -a ${quote(words.join(' '))}`] : []),
      ...flags.map((flag) => `complete -c netpol ${seen} ${flagWords(flag)}`),
    ];
  });
  return `# fish completion for netpol: netpol completion fish > ~/.config/fish/completions/netpol.fish\n${lines.join('\n')}\n`;
}

function flagWords({ names, description, takesValue, choices }: FlagModel): string {
  const words = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const value = !takesValue ? [] : choices.length > 0 ? ['-x', `-a ${quote(choices.join(' '))}`] : ['-r'];
  return [...words, ...value, `-d ${quote(description)}`].join(' ');
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

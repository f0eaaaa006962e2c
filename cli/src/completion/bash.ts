import { VerbModel } from './model';

/** `source <(netpol completion bash)` in ~/.bashrc. */
export function bashScript(verbs: readonly VerbModel[]): string {
  const cases = verbs.map(({ name, flags, words }) => {
    const names = flags.flatMap((flag) => flag.names).join(' ');
    const values = flags.filter(({ takesValue }) => takesValue).map(({ names: own, choices }) =>
      `        ${own.join('|')}) ${choices.length > 0 ? `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word"))` : 'COMPREPLY=($(compgen -f -- "$word"))'}; return ;;`);
    return [
      `    ${name})`,
      '      case "$before" in',
      ...values,
      '      esac',
      `      if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W '${names}' -- "$word"))`,
      `      else COMPREPLY=(${words.length > 0 ? `$(compgen -W '${words.join(' ')}' -- "$word")` : '$(compgen -f -- "$word")'}); fi ;;`,
    ].join('\n');
  });
  return `# bash completion for netpol: source <(netpol completion bash)
_netpol() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W '${verbs.map(({ name }) => name).join(' ')} help --help --version' -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
}
complete -o filenames -F _netpol netpol
`;
}

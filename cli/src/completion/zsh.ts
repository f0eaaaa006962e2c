import { FlagModel, VerbModel } from './model';

/** `netpol completion zsh > ~/.zfunc/_netpol`, with that folder in fpath; or `source <(netpol completion zsh)`. */
export function zshScript(verbs: readonly VerbModel[]): string {
  const summaries = verbs.map(({ name, summary }) => `    '${escape(`${name}:${summary}`)}'`);
  const cases = verbs.map(({ name, flags, words }) => [
    `    ${name})`,
    '      _arguments -s \\',
    ...flags.flatMap(flagSpecs).map((spec) => `        ${spec} \\`),
    `        '*:argument:${words.length > 0 ? `(${words.join(' ')})` : '_files'}' ;;`,
  ].join('\n'));
  return `#compdef netpol
# zsh completion for netpol: netpol completion zsh > a folder of fpath, as _netpol
_netpol() {
  local -a verbs
  verbs=(
${summaries.join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe 'verb' verbs
    return
  fi
  local verb=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = "_netpol" ]; then _netpol "$@"; else compdef _netpol netpol; fi
`;
}

function flagSpecs({ names, description, takesValue, choices }: FlagModel): string[] {
  const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}` : '';
  return names.map((name) => `'${name}[${escape(description).replace(/[[\]:]/g, '\\$&')}]${value}'`);
}

function escape(text: string): string {
  return text.replaceAll('\'', '\'\\\'\'');
}

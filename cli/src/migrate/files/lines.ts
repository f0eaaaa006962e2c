import { text } from '../code';

const WIDTH = 140;

/** An import in one line where it fits. */
export function importLine(names: readonly string[], from: string): string {
  const line = `import { ${names.join(', ')} } from ${text(from)};`;
  if (line.length <= WIDTH) return line;
  const rows = names.reduce<string[]>((found, name) => {
    const last = found.at(-1);
    return last === undefined || last.length + name.length + 2 > WIDTH ? [...found, `  ${name},`] : [...found.slice(0, -1), `${last} ${name},`];
  }, []);
  return `import {\n${rows.join('\n')}\n} from ${text(from)};`;
}

/** The text of a file; lines that are undefined are left out. */
export function linesOf(...given: ReadonlyArray<string | undefined>): string {
  return `${given.filter((line) => line !== undefined).join('\n')}\n`;
}

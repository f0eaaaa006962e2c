import { relative, sep } from 'node:path';

/** Whether a file is one of a pattern: `*` stands for a name or a part of it, `**` for any folders; a folder stands for what is in it. */
export function fileMatches(pattern: string, file: string | undefined): boolean {
  if (file === undefined) return false;
  const path = relativePath(file);
  const text = pattern.replace(/^\.\//, '').replace(/\/$/, '').split(/(\*\*\/?|\*)/).map((part) => {
    if (part.startsWith('**')) return part === '**' ? '.*' : '(?:.*/)?';
    return part === '*' ? '[^/]*' : part.replace(/[.\\+?^$()|{}[\]]/g, '\\$&');
  }).join('');
  return new RegExp(`^${text}(?:/.*)?$`).test(path);
}

/** As it stands in reports: relative to this folder, with slashes. */
export function relativePath(file: string): string {
  const path = relative('.', file);
  return (path === '' ? file : path).split(sep).join('/');
}

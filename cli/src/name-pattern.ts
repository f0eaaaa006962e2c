/** Whether a name fits a pattern in which `*` stands for any text. */
export function matchesPattern(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.\\+?^$()|{}[\]]/g, '\\$&')).join('.*')}$`).test(name);
}

const VERSION = /^v?([0-9]+(?:\.[0-9]+){0,3})(?:-gke\.([0-9]+))?(?:[-+][0-9A-Za-z.+-]*)?$/;

/** Whether a text is a version: numbers with dots, an optional "v" before, an optional suffix such as "-gke.100" or "-rc.1". */
export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/**
 * Whether a version is that one or a later one. `depends` where it says less than is needed ("1.36" against "1.36.2").
 * A pre-release counts as its release: it has the features.
 */
export function isAtLeast(version: string | undefined, since: string): boolean | 'depends' {
  if (version === undefined) return 'depends';
  const have = numbersOf(version);
  for (const [index, need] of numbersOf(since).entries()) {
    const part = have[index];
    if (part === undefined) {
      if (numbersOf(since).slice(index).some((number) => number > 0)) return 'depends';
      return true;
    }
    if (part !== need) return part > need;
  }
  return true;
}

function numbersOf(version: string): number[] {
  const match = VERSION.exec(version);
  const numbers = (match?.[1] ?? '').split('.').map(Number);
  if (match?.[2] === undefined) return numbers;
  // GKE counts its builds behind the three numbers of Kubernetes.
  while (numbers.length < 3) numbers.push(0);
  return [...numbers, Number(match[2])];
}

import { InputProblem } from './input-problem';
import { ParsedDocument } from './parsed-document';
import { InputOrigin, ObjectOrigin, SourceDocument } from './source-document';

export type KubernetesJson = Readonly<Record<string, unknown>> & { readonly apiVersion: string; readonly kind: string };

/** An object of the input, and where it stands. */
export interface InputObject {
  readonly object: KubernetesJson;
  readonly origin: InputOrigin;
}

/** What a document holds: Kubernetes objects, something else, or something that is broken. */
export type DocumentContent =
  | { readonly kind: 'objects'; readonly objects: readonly InputObject[]; readonly problems: readonly InputProblem[] }
  | { readonly kind: 'other' }
  | { readonly kind: 'broken'; readonly problem: InputProblem };

/** The fields by which a Kubernetes object is known even where one of them is wrong. */
const MARKS = ['apiVersion', 'kind', 'metadata', 'spec'];
const MAX_LIST_DEPTH = 8;

type Json = Readonly<Record<string, unknown>>;

interface Defaults {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Takes lists apart (`List`, `PodList`), and tells what is not Kubernetes' from what is meant to be and is wrong. */
export function contentOf({ value, source }: ParsedDocument): DocumentContent {
  const broken = (reason: string): DocumentContent => ({ kind: 'broken', problem: source.problemIn('', reason) });
  if (Array.isArray(value)) {
    if (!value.some(looksLikeKubernetes)) return { kind: 'other' };
    return broken('is a list of objects, which Kubernetes does not take. Instead: documents with "---" between them, or kind: List with items');
  }
  if (typeof value !== 'object' || value === null) return broken(`is ${nameOf(value)} where an object should be. Instead: a manifest with apiVersion and kind`);
  if (!looksLikeKubernetes(value)) return { kind: 'other' };
  const lists = new ListWalk(source);
  lists.take(value as Json, '', undefined, 0);
  return { kind: 'objects', objects: lists.objects, problems: lists.problems };
}

class ListWalk {
  public readonly objects: InputObject[] = [];
  public readonly problems: InputProblem[] = [];

  public constructor(private readonly source: SourceDocument) {}

  public take(value: Json, path: string, defaults: Defaults | undefined, depth: number): void {
    const field = (name: string): string => (path === '' ? name : `${path}.${name}`);
    const { apiVersion = defaults?.apiVersion, kind = defaults?.kind } = value;
    if (typeof apiVersion !== 'string' || apiVersion === '') return this.problem(field('apiVersion'), wrongField('apiVersion', apiVersion, value));
    if (typeof kind !== 'string' || kind === '') return this.problem(field('kind'), wrongField('kind', kind, value));
    if (!kind.endsWith('List') || !('items' in value || kind === 'List')) {
      const object = 'kind' in value && 'apiVersion' in value ? value as KubernetesJson : { ...value, apiVersion, kind };
      this.objects.push({ object, origin: new ObjectOrigin(this.source, path) });
      return;
    }
    if (value.items === null) return;
    if (!Array.isArray(value.items)) return this.problem(field('items'), `the items of a ${kind} are ${nameOf(value.items)}. Instead: a list; each entry begins with "- "`);
    if (depth >= MAX_LIST_DEPTH) return this.problem(field('items'), `lists inside lists more than ${MAX_LIST_DEPTH} deep`);
    const itemKind = kind.slice(0, -'List'.length);
    const itemDefaults = itemKind === '' ? undefined : { apiVersion, kind: itemKind };
    for (const [index, item] of (value.items as unknown[]).entries()) {
      const itemPath = field(`items[${index}]`);
      if (typeof item === 'object' && item !== null && !Array.isArray(item)) this.take(item as Json, itemPath, itemDefaults, depth + 1);
      else this.problem(itemPath, `is ${nameOf(item)} where an object should be`);
    }
  }

  private problem(path: string, reason: string): void {
    this.problems.push(this.source.problemIn(path, reason));
  }
}

/** Two of the marks make a Kubernetes object, in whatever case they are written: nobody reads them so but they are meant so. */
function looksLikeKubernetes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if ('apiVersion' in value && 'kind' in value) return true;
  const keys = new Set(Object.keys(value).map((key) => key.toLowerCase()));
  return MARKS.filter((mark) => keys.has(mark.toLowerCase())).length >= 2;
}

function wrongField(name: string, given: unknown, value: Json): string {
  const near = Object.keys(value).find((key) => key !== name && key.toLowerCase() === name.toLowerCase());
  if (near !== undefined) return `has "${near}" where "${name}" should be`;
  if (given === undefined || given === null || given === '') return `has no ${name}, and so is no Kubernetes object, though it looks like one`;
  return `has ${nameOf(given)} for its ${name}. Instead: text`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = String(value);
  return `${typeof value === 'string' ? 'text' : `the ${typeof value}`} "${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}

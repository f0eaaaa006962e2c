import { Agent, request } from 'node:https';
import { Access } from './api-server';
import { theServer } from './the-server';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec?: unknown;
  readonly [field: string]: unknown;
}

/** What the server answered. */
export interface Answer {
  readonly status: number;
  /** The `message` of a refusal. */
  readonly message: string;
  readonly warnings: readonly string[];
  readonly body: unknown;
}

/** Whom the requests are made for. */
export interface Identity {
  readonly user: string;
  readonly groups?: readonly string[];
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const DEADLINE_MS = 30_000;
/** Who may do anything as far as RBAC is asked; the administrator lends it to those who are impersonated. */
export const ALMIGHTY_GROUP = 'test:everything';

/** Requests to the server of the tests, as the administrator or for somebody else, with unknown fields refused. */
export class Client {
  private static readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });
  private static readonly resources = new Map<string, Promise<readonly Resource[]>>();

  private readonly access: Access = theServer();

  public constructor(private readonly identity?: Identity) {}

  public as(user: string, ...groups: readonly string[]): Client {
    return new Client({ user, groups });
  }

  public async create(object: KubernetesObject, options = ''): Promise<Answer> {
    return this.send('POST', `${await this.collection(object)}?fieldValidation=Strict${options}`, object);
  }

  /** Server-side apply, as `kubectl apply --server-side --force-conflicts` and Argo CD do it. */
  public async apply(object: KubernetesObject, options = ''): Promise<Answer> {
    return this.send('PATCH', `${await this.path(object)}?fieldManager=test&force=true&fieldValidation=Strict${options}`, object, 'application/apply-patch+yaml');
  }

  /** What `kubectl label`, `annotate` and `patch` do. */
  public async patch(object: KubernetesObject, change: unknown): Promise<Answer> {
    return this.send('PATCH', `${await this.path(object)}?fieldValidation=Strict`, change, 'application/merge-patch+json');
  }

  public async replace(object: KubernetesObject): Promise<Answer> {
    return this.send('PUT', `${await this.path(object)}?fieldValidation=Strict`, object);
  }

  public async delete(object: KubernetesObject): Promise<Answer> {
    return this.send('DELETE', await this.path(object));
  }

  /** What `kubectl delete --all` may come to: one request for all of them. */
  public async deleteAll(object: KubernetesObject): Promise<Answer> {
    return this.send('DELETE', await this.collection(object));
  }

  public async get(object: KubernetesObject): Promise<Answer> {
    return this.send('GET', await this.path(object));
  }

  public async list(object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>): Promise<KubernetesObject[]> {
    const { body } = expectDone(await this.send('GET', await this.collection(object)));
    return (body as { items: KubernetesObject[] }).items.map((item) => ({ ...item, apiVersion: object.apiVersion, kind: object.kind }));
  }

  public async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asking = request({
        host: '127.0.0.1', port: this.access.port, method, path, ca: this.access.certificate, agent: Client.agent, timeout: DEADLINE_MS,
        headers: {
          'Authorization': `Bearer ${this.access.token}`,
          'Accept': 'application/json',
          ...(text === undefined ? {} : { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) }),
          ...(this.identity === undefined ? {} : {
            'Impersonate-User': this.identity.user,
            'Impersonate-Group': [...(this.identity.groups ?? []), ALMIGHTY_GROUP],
          }),
        },
      }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () => {
          const given: unknown = parse(Buffer.concat(chunks).toString('utf8'));
          const warnings = [response.headers.warning ?? []].flat().flatMap((line) => [...line.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!.replace(/\\(.)/g, '$1')));
          resolve({ status: response.statusCode ?? 0, message: String((given as { message?: unknown } | undefined)?.message ?? given), warnings, body: given });
        });
      });
      asking.once('error', reject);
      asking.once('timeout', () => asking.destroy(new Error(`${method} ${path}: no answer in ${DEADLINE_MS} ms`)));
      asking.end(text);
    });
  }

  /** The kinds of an API that the server knows: an unknown one is an error. */
  public async resource({ apiVersion, kind }: Pick<KubernetesObject, 'apiVersion' | 'kind'>): Promise<Resource> {
    const known = Client.resources.get(apiVersion) ?? this.discover(apiVersion);
    Client.resources.set(apiVersion, known);
    const found = (await known).find((each) => each.kind === kind);
    if (found !== undefined) return found;
    Client.resources.delete(apiVersion);
    throw new Error(`the server has no ${kind} of ${apiVersion}`);
  }

  private async discover(apiVersion: string): Promise<readonly Resource[]> {
    const { body, status } = await this.send('GET', base(apiVersion));
    return status === 200 ? (body as { resources: Resource[] }).resources.filter(({ name }) => !name.includes('/')) : [];
  }

  private async collection(object: Pick<KubernetesObject, 'apiVersion' | 'kind' | 'metadata'>): Promise<string> {
    const { name, namespaced } = await this.resource(object);
    return `${base(object.apiVersion)}${namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : ''}/${name}`;
  }

  private async path(object: KubernetesObject): Promise<string> {
    return `${await this.collection(object)}/${object.metadata.name}`;
  }
}

/** The answer, or an error with what the server said. */
export function expectDone(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`the server answered ${answer.status}: ${answer.message}`);
}

function base(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { request as httpRequest } from 'node:http';
import { request as httpsRequest, RequestOptions } from 'node:https';
import { UsageError } from '../usage-error';

/** What the API server answered instead of what was asked for. */
export class ApiFailure extends Error {
  public constructor(public readonly status: number, message: string) {
    super(message);
  }
}

const PAGE = 500;
const TIMEOUT_MS = 30_000;
/** How often a list begins anew because its continue token has expired meanwhile. */
const RESTARTS = 3;
const GONE = 410;

type Item = Readonly<Record<string, unknown>>;

interface Page {
  readonly items: readonly Item[] | null;
  readonly metadata?: { readonly continue?: string };
}

/** Reads from an API server. */
export class ApiClient {
  /** @param options makes the options of a request: credentials may have to be renewed in between */
  public constructor(private readonly server: string, private readonly options: () => Promise<RequestOptions>) {}

  /** All objects of a list, page by page. */
  public async list(path: string): Promise<readonly Item[]> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.pages(path);
      } catch (error) {
        if (!(error instanceof ApiFailure) || error.status !== GONE || attempt >= RESTARTS) throw error;
      }
    }
  }

  public async get<T>(path: string): Promise<T> {
    const url = new URL(this.server.replace(/\/$/, '') + path);
    const options = { ...await this.options(), method: 'GET', timeout: TIMEOUT_MS };
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const { status, text } = await new Promise<{ status: number; text: string }>((resolve, reject) => {
      const request = send(url, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }));
      });
      request.on('timeout', () => request.destroy(new ApiFailure(0, `no answer to GET ${path} within ${TIMEOUT_MS / 1000} s`)));
      request.on('error', (error: NodeJS.ErrnoException) => reject(error instanceof ApiFailure ? error : new ApiFailure(0, `GET ${url.origin}${path}: ${error.message}`)));
      request.end();
    });
    if (status !== 200) throw new ApiFailure(status, `GET ${path} was answered with ${status}: ${messageOf(text)}`);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new ApiFailure(status, `GET ${path} was answered with something that is not JSON: ${text.slice(0, 80)}`);
    }
  }

  private async pages(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    let next = '';
    do {
      const query = `${path.includes('?') ? '&' : '?'}limit=${PAGE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`;
      const page = await this.get<Page>(`${path}${query}`);
      items.push(...page.items ?? []);
      next = page.metadata?.continue ?? '';
    } while (next !== '');
    return items;
  }
}

/** A client for a context of the kubeconfig, with the credentials that kubectl would use. */
export async function connect(context: string): Promise<ApiClient> {
  const { KubeConfig } = await loadClient();
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw new UsageError(`the kubeconfig cannot be read: ${(error as Error).message}`);
  }
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new UsageError(`the kubeconfig has no context "${context}"; it has ${names.join(', ') || 'none'}`, { word: context, candidates: names });
  }
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new UsageError(`the context "${context}" names a cluster that the kubeconfig does not have`);
  // over plain HTTP, as kubectl proxy serves it, there is no certificate to verify, and the client refuses until it is told so
  if (cluster.server.startsWith('http:')) Object.assign(cluster, { skipTLSVerify: true });
  return new ApiClient(cluster.server, async () => {
    const options: RequestOptions = { headers: { Accept: 'application/json' } };
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new UsageError(`there are no credentials for the context "${context}": ${(error as Error).message}`);
    }
    return options;
  });
}

async function loadClient(): Promise<typeof import('@kubernetes/client-node')> {
  try {
    return await import('@kubernetes/client-node');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new UsageError('a live cluster needs the package @kubernetes/client-node, which is not installed. Instead: npm install @kubernetes/client-node');
  }
}

function messageOf(text: string): string {
  try {
    return String((JSON.parse(text) as { readonly message?: unknown }).message ?? text.slice(0, 200));
  } catch {
    return text.slice(0, 200);
  }
}

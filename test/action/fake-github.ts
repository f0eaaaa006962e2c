import { createServer, IncomingMessage, Server, ServerResponse } from 'node:http';
import { AddressInfo } from 'node:net';

/** A comment as the API answers with it, as far as a client may look. @see https://docs.github.com/en/rest/issues/comments#list-issue-comments */
export interface Comment {
  readonly id: number;
  readonly node_id: string;
  readonly url: string;
  readonly html_url: string;
  body: string;
  readonly user: { readonly login: string; readonly id: number; readonly type: 'Bot' | 'User' };
  readonly created_at: string;
  readonly updated_at: string;
  readonly issue_url: string;
  readonly author_association: string;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

interface Options {
  /** What a token may do: that of a fork reads, and one of another repository does not even see this one. */
  readonly token?: 'writes' | 'reads' | 'sees nothing' | 'is refused' | 'breaks';
  readonly login?: string;
}

const BOT = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' } as const;
/** @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
const ANSWERS = {
  'reads': [403, 'Resource not accessible by integration'],
  'sees nothing': [404, 'Not Found'],
  'is refused': [401, 'Bad credentials'],
  'breaks': [502, 'Server Error'],
} as const;

/** The part of GitHub's API that the action calls, on loopback. */
export class FakeGitHub {
  public readonly calls: Call[] = [];
  public readonly comments: Comment[] = [];
  private readonly server: Server;

  public constructor(private readonly options: Options = {}) {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  public async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  public get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public add(body: string, user: Comment['user'] = BOT): Comment {
    const id = 1000 + this.comments.length;
    const comment: Comment = {
      id, node_id: `IC_${id}`, url: `${this.url}/repos/example/infra/issues/comments/${id}`, html_url: `https://github.com/example/infra/pull/7#issuecomment-${id}`, body, user,
      created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', issue_url: `${this.url}/repos/example/infra/issues/7`, author_association: 'NONE',
    };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url = '' } = request;
    const body = text === '' ? undefined : JSON.parse(text) as { readonly body: string };
    this.calls.push({ method, path: url, ...(body === undefined ? {} : { body }) });
    const json = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(value));
    };
    const refuse = (status: number, message: string): void => json(status, { message, documentation_url: 'https://docs.github.com/rest', status: String(status) });
    const { token = 'writes', login } = this.options;
    if (request.headers.authorization !== 'Bearer secret') return refuse(401, 'Bad credentials');
    if (token !== 'writes' && (token !== 'reads' || method !== 'GET')) return refuse(ANSWERS[token][0], ANSWERS[token][1]);
    if (url === '/user') return login === undefined ? refuse(403, 'Resource not accessible by integration') : json(200, { login, type: 'User' });

    const { pathname, searchParams } = new URL(url, this.url);
    const id = /^\/repos\/example\/infra\/issues\/comments\/(\d+)$/.exec(pathname)?.[1];
    const found = this.comments.find((comment) => String(comment.id) === id);
    if (method === 'PATCH' && id !== undefined) {
      if (found === undefined) return refuse(404, 'Not Found');
      found.body = body!.body;
      return json(200, found);
    }
    if (pathname === '/repos/example/infra/issues/7/comments') {
      if (method === 'POST') {
        if (body!.body.length > 65_536) return json(422, { message: 'Validation Failed', errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message: 'Body is too long (maximum is 65536 characters)' }] });
        return json(201, this.add(body!.body));
      }
      const [page, size] = [Number(searchParams.get('page') ?? 1), Number(searchParams.get('per_page') ?? 30)];
      const more = page * size < this.comments.length;
      return json(200, this.comments.slice((page - 1) * size, page * size), more ? { link: `<${this.url}${pathname}?per_page=${size}&page=${page + 1}>; rel="next", <${this.url}${pathname}?per_page=${size}&page=9>; rel="last"` } : {});
    }
    if (method === 'POST' && pathname === '/repos/example/infra/code-scanning/sarifs') return json(202, { id: '47177e22-5596-11eb-80a1-c1e54ef945c6', url: `${this.url}/sarifs/1` });
    refuse(404, 'Not Found');
  }
}

import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as it arrived at a web server. */
export interface Arrival {
  readonly address: string;
  readonly port: number;
  readonly text: string;
}

/**
 * Web servers on loopback addresses: port 80 answers each request with 200, every other port echoes bytes. All that arrives
 * is kept, so that a test can say that nothing did.
 */
export class LoopbackUpstream {
  public readonly arrivals: Arrival[] = [];
  /** Connections by address, from the moment of accept. */
  public readonly connections: string[] = [];
  private readonly servers = new Set<Server>();
  private readonly sockets = new Set<Socket>();

  /** Listens until `stop`, or until the returned function is called. */
  public async listen(address: string, port: number): Promise<() => Promise<void>> {
    const server = createServer((socket) => this.serve(socket, address, port));
    // ::1 is one address for all tests of a machine: another run may have it for a moment
    for (let tries = 100; !(await binds(server, address, port)); tries--) {
      if (tries === 0) throw new Error(`${address}:${port} is in use`);
      await sleep(100);
    }
    this.servers.add(server);
    return () => this.close(server);
  }

  public async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([...this.servers].map((server) => this.close(server)));
  }

  private async close(server: Server): Promise<void> {
    this.servers.delete(server);
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  private serve(socket: Socket, address: string, port: number): void {
    this.connections.push(`${address}:${port}`);
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      this.arrivals.push({ address, port, text: bytes.toString('latin1') });
      if (port === 80) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\nCache-Control: max-age=3600\r\nConnection: close\r\n\r\nhello\n');
      else socket.write(bytes);
    });
  }
}

/** False where the address is in use. */
async function binds(server: Server, address: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
    server.once('error', refused);
    server.listen(port, address, () => {
      server.off('error', refused);
      resolve(true);
    });
  });
}

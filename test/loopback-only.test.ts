import { connect, createServer, type AddressInfo } from 'node:net';

test('a test that reaches for the network fails', async () => {
  await expect(fetch('http://192.0.2.1/')).rejects.toMatchObject({
    cause: new Error('a test tried to reach 192.0.2.1:80: tests use loopback only'),
  });
  expect(() => connect(443, 'example.com')).toThrow('a test tried to reach example.com:443: tests use loopback only');
});

test('loopback stays within reach', async () => {
  const server = createServer((socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve, reject) => {
    connect(port, '127.0.0.1').on('data', (data) => resolve(data.toString())).on('error', reject);
  });
  expect(answer).toBe('hello');
  await new Promise((resolve) => server.close(resolve));
});

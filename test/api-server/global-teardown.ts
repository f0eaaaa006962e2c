import { stopTheServer } from './the-server';

export default async function tearDown(): Promise<void> {
  await stopTheServer();
}

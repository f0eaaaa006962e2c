import { ApiServer } from './api-server';
import { keep } from './the-server';

/** One server for all test files: it takes some seconds to start, and 300 MB. */
export default async function setUp(): Promise<void> {
  keep(await ApiServer.start());
}

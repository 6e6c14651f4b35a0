import { writeFile } from 'node:fs/promises';
import { describeContract } from './openapi.js';

/** `npm run openapi`: writes docs/openapi.json anew. */
await writeFile('docs/openapi.json', `${JSON.stringify(await describeContract(), null, 2)}\n`);

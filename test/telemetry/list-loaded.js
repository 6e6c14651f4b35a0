import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// Preloaded into a service: writes down every file that it loads, in whichever of its threads.
const load = (url, context, next) => {
  appendFileSync(process.env.LIST_LOADED, `${url}\n`);
  return next(url, context);
};
registerHooks({ load });

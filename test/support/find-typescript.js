import { registerHooks } from 'node:module';

/** Lets Node run the sources as they are: they import each other as X.js, which is X.ts until it is built. */
registerHooks({
  resolve(specifier, context, next) {
    const source = /^\.{1,2}\/.*\.js$/.test(specifier) && context.parentURL?.endsWith('.ts');
    return next(source && !specifier.endsWith('/find-typescript.js') ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

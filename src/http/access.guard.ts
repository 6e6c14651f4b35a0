import { applyDecorators, Injectable, Logger, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { KeyRing } from '../access/key-ring.js';
import { mayDo, type Caller, type Role } from '../access/roles.js';
import { storeUnavailable } from './problem.filter.js';
import { ProblemError } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null where the route is open to everybody. */
    caller: Caller | null;
  }
}

const NEEDS = 'entente:needs';
const OPEN = 'open';
const BEARER = /^Bearer +(\S{1,500}) *$/i;

/** The least role that may call a route, or all routes of a controller. Without it: a reader may GET, and only an admin may do anything else. */
export function Needs(role: Role): MethodDecorator & ClassDecorator {
  return SetMetadata(NEEDS, role);
}

/** A route that asks for no key. */
export function Open(): MethodDecorator & ClassDecorator {
  return applyDecorators(SetMetadata(NEEDS, OPEN), ApiSecurity({}));
}

/** What a route asks for, as declared on it or else on its controller. */
export function needOf(route: object, controller: object, method: string): Role | typeof OPEN {
  const declared = (Reflect.getMetadata(NEEDS, route) ?? Reflect.getMetadata(NEEDS, controller)) as Role | typeof OPEN | undefined;
  return declared ?? (method === 'GET' || method === 'HEAD' ? 'reader' : 'admin');
}

/** Lets in who carries a key with the role that the route needs, and notes on the request who it is. */
@Injectable()
export class AccessGuard implements CanActivate {
  private readonly log = new Logger('Access');
  private readonly needs = new WeakMap<object, Role | typeof OPEN>();

  constructor(private readonly keys: KeyRing) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const route = context.getHandler();
    const need = this.needs.get(route) ?? needOf(route, context.getClass(), request.method);
    this.needs.set(route, need);
    if (need === OPEN) return true;
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (key === undefined) throw notAuthenticated('Send an API key, as in "Authorization: Bearer entente_reporter_…".');
    const caller = this.keys.identify(key);
    return caller instanceof Promise ? this.later(caller, request, need) : admit(request, caller, need);
  }

  private async later(asked: Promise<Caller | null>, request: FastifyRequest, need: Role): Promise<boolean> {
    const caller = await asked.catch((error: unknown) => {
      this.log.warn(`a key could not be looked up: ${error instanceof Error ? error.message : String(error)}`);
      throw storeUnavailable();
    });
    return admit(request, caller, need);
  }
}

function admit(request: FastifyRequest, caller: Caller | null, need: Role): boolean {
  if (caller === null) throw notAuthenticated('This API key is unknown or was revoked; ask an admin for another.');
  if (!mayDo(caller.role, need)) throw notAllowed(need, caller.role);
  request.caller = caller;
  return true;
}

function notAuthenticated(message: string): ProblemError {
  return new ProblemError('not-authenticated', message, { headers: { 'www-authenticate': 'Bearer realm="entente"' } });
}

export function notAllowed(needed: Role, role: Role, what = 'This call'): ProblemError {
  return new ProblemError('not-allowed', `${what} needs the role ${needed}; your key has the role ${role}.`);
}

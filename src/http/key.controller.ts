import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { KeyRing, type ApiKey, type NewKey } from '../access/key-ring.js';
import { ROLES, type Role } from '../access/roles.js';
import { Needs } from './access.guard.js';
import { refuseParameters, TheExchange, type Exchange } from './exchange.js';
import { Choice, Example, Text } from './fields.js';
import { ProblemError } from './problem.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Example({ name: 'foreign desk', role: 'reporter' })
export class NewKeyBody {
  @Text({ max: 100, required: true, example: 'foreign desk', description: 'Stamped on everything filed with it; never given again' })
  name!: string;
  @Choice(ROLES, { required: true, example: 'reporter' })
  role!: Role;
}

@ApiTags('Keys')
@Controller('admin/keys')
@Needs('admin')
export class KeyController {
  constructor(private readonly keys: KeyRing) {}

  @Post()
  @ApiOperation({ summary: 'Makes an API key', description: 'Needs the role `admin`. The key is shown this once.' })
  @ApiResponse({ status: 201, description: 'The new key', schema: { $ref: '#/components/schemas/KeyMade' } })
  async create(@Body() { name, role }: NewKeyBody, @TheExchange() { request }: Exchange): Promise<NewKey> {
    refuseParameters(request, []);
    const made = await this.keys.create(name, role);
    if (made === 'name-taken')
      throw new ProblemError('key-name-taken', `A key is or was called "${name}"; give each a name of its own, such as "${name} 2".`);
    return made;
  }

  @Get()
  @ApiOperation({ summary: 'Lists all keys, revoked ones too', description: 'Needs the role `admin`. The keys themselves are not kept.' })
  @ApiResponse({ status: 200, description: 'Oldest first', schema: { $ref: '#/components/schemas/Keys' } })
  async list(@TheExchange() { request }: Exchange): Promise<{ items: ApiKey[] }> {
    refuseParameters(request, []);
    return { items: await this.keys.list() };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Revokes a key',
    description: 'Needs the role `admin`. It stops working within 5 seconds; the last admin key stays.',
  })
  @ApiResponse({ status: 204, description: 'It no longer works' })
  async revoke(@Param('id') id: string, @TheExchange() { request }: Exchange): Promise<void> {
    refuseParameters(request, []);
    const outcome = UUID.test(id) ? await this.keys.revoke(id) : 'unknown';
    if (outcome === 'unknown') throw new ProblemError('key-unknown', 'There is no key with this id; GET /api/v1/admin/keys lists them.');
    if (outcome === 'last-admin') throw new ProblemError('last-admin-key', 'This is the last admin key: make another one first.');
  }
}

import { DatabaseError } from 'pg';
import { isFaultOfAnEvent } from '../../src/projection/faults.js';

function answer(code: string): DatabaseError {
  return Object.assign(new DatabaseError('it cannot be done', 0, 'error'), { code });
}

describe('what fails while events are taken in', () => {
  it.each([
    ['a full disk', '53100'],
    ['too little memory', '53200'],
    ['a connection that broke off', '08006'],
    ['a server that is going down', '57P01'],
    ['a file that cannot be read', '58030'],
    ['damaged data', 'XX001'],
    ['a server that takes no changes', '25006'],
    ['a deadlock', '40P01'],
    ['a right that is missing', '42501'],
  ])('is no fault of theirs: %s', (_, code) => {
    expect(isFaultOfAnEvent(answer(code))).toBe(false);
  });

  it.each([
    ['a value that PostgreSQL refuses', '22P02'],
    ['a row that is there already', '23505'],
    ['a limit of its own', '54000'],
  ])('is the fault of one of them: %s', (_, code) => {
    expect(isFaultOfAnEvent(answer(code))).toBe(true);
  });
});

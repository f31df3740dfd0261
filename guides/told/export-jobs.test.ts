/** Checks of what comes of an export, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import { exported, kickOff, mistake, one, type Question, refused, titled } from './questions.ts'
import { anaScene } from './story.ts'
import { base, outcome, sceneOf, told } from './told.ts'
import { heardOf } from './verdicts.ts'

/** The file of what was deleted: that resource. */
const deletedFile = (url: string) =>
  told('export-file', `${base}/_export/d`, {
    answered: { 'content-type': 'application/fhir+ndjson' },
    answer: JSON.stringify({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [{ request: { method: 'DELETE', url } }],
    }),
  })

const questions: readonly Question[] = [
  [
    'BULK-003',
    'pass',
    [
      ...exported('', [one]),
      told(
        'export-status',
        `${base}/_export/x`,
        mistake('no-token', { headers: { Accept: 'application/json' }, status: 401, answer: outcome('login') }),
      ),
    ],
  ],
  [
    'BULK-003',
    'fail',
    [
      ...exported('', [one]),
      told(
        'export-file',
        `${base}/_export/x/1`,
        mistake('no-token', { headers: { Accept: 'application/json' }, answer: JSON.stringify(one) }),
      ),
    ],
  ],
  [
    'BULK-004',
    'pass',
    [
      ...exported('', [one]),
      told('export-status', `${base}/_export/x`, { from: 'another payer', ...mistake('foreign', refused(404)) }),
    ],
  ],
  [
    'BULK-004',
    'skip',
    [
      ...exported('', [one]),
      told('export-status', `${base}/_export/x`, { from: 'another payer', ...mistake('foreign', { answer: {} }) }),
    ],
  ],
  [
    'BULK-054',
    'pass',
    [
      ...exported('', [one]),
      told(
        'export-status',
        `${base}/_export/x`,
        mistake('too-fast', { status: 429, answered: { 'retry-after': '5' }, answer: outcome() }),
      ),
    ],
  ],
  [
    'BULK-054',
    'warning',
    [...exported('', [one]), told('export-status', `${base}/_export/x`, mistake('too-fast', { status: 202 }))],
  ],
  [
    'BULK-055',
    'pass',
    [kickOff(''), told('export-status', `${base}/_export/x`, { status: 500, answer: outcome('exception') })],
  ],
  [
    'BULK-055',
    'warning',
    [
      kickOff(''),
      told('export-status', `${base}/_export/x`, {
        status: 500,
        answered: { 'content-type': 'text/plain' },
        answer: 'sorry',
      }),
    ],
  ],
  [
    'BULK-077',
    'pass',
    [
      ...exported(
        '?_since=2026-01-01T00:00:00Z',
        [one],
        { intent: { state: 'deleted' } },
        { deleted: [{ type: 'Bundle', url: `${base}/_export/d` }] },
      ),
      deletedFile('Goal/g'),
    ],
  ],
  ['BULK-077', 'warning', exported('?_since=2026-01-01T00:00:00Z', [one], { intent: { state: 'deleted' } })],
  [
    'BULK-078',
    'fail',
    [
      ...exported(
        '?_since=2026-01-01T00:00:00Z',
        [one],
        {},
        { deleted: [{ type: 'Bundle', url: `${base}/_export/d` }] },
      ),
      deletedFile('Condition/1'),
    ],
  ],
  [
    'BULK-092',
    'pass',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('expired', refused(404)))],
  ],
  [
    'BULK-092',
    'fail',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('expired', { answer: '' }))],
  ],
  // A server may keep the files of a deleted export, and need not.
  [
    'BULK-092',
    'pass',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('deleted', refused(404)))],
  ],
  [
    'BULK-092',
    'skip',
    [...exported('', [one]), told('export-file', `${base}/_export/x/1`, mistake('deleted', { answer: '' }))],
  ],
  [
    'BULK-097',
    'pass',
    [
      kickOff(''),
      ...[202, 404].map((status) =>
        told('export-delete', `${base}/_export/x`, {
          method: 'DELETE',
          status,
          answer: status === 404 ? outcome() : '',
        }),
      ),
    ],
  ],
  [
    'BULK-097',
    'fail',
    [
      kickOff(''),
      ...[202, 202].map((status) => told('export-delete', `${base}/_export/x`, { method: 'DELETE', status })),
    ],
  ],
  [
    'BULK-086',
    'fail',
    [
      kickOff(''),
      ...exported('', [one]).slice(1, 2),
      told('export-file', `${base}/_export/x/1`, {
        headers: { Accept: 'application/fhir+ndjson' },
        status: 401,
        answer: outcome(),
      }),
    ],
  ],
]

describe('an export and what comes of it', () => {
  it.each(['BULK-058', 'BULK-059', 'BULK-070', 'BULK-072', 'PDEX-135'])(
    '%s says that an export outlasted the client, and how to wait longer',
    (start) => {
      const running = told('export-status', `${base}/_export/x`, {
        status: 202,
        at: '2026-03-02T15:02:00.000Z',
        answered: { 'retry-after': '120' },
      })
      const { codes, words } = heardOf(start, [kickOff(''), running], anaScene())
      expect(codes).toContain('skip')
      expect(words).toMatch(/still running after \d+ s, .*longestWait/)
    },
  )

  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})

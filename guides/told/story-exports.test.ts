/** A told retrieval in which the export goes wrong: the checks say so. */
import { describe, expect, it } from 'vitest'
import { answered, asked, at, body, both, type Changed, header, says, status, titled } from './changes.ts'
import { anaScene, story } from './story.ts'
import { silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  ['the kick-off is 200', at('export-kick-off', '', answered({ status: 200 })), 'BULK-010 BULK-011 BULK-016 PDEX-134'],
  [
    'Content-Location is relative',
    at('export-kick-off', '', header('content-location', '/fhir/_export/1')),
    'BULK-016',
  ],
  ['the client does not prefer to wait', at('export-kick-off', '', asked('prefer', undefined)), 'BULK-015/the-client'],
  ['the client accepts anything', at('export-kick-off', '', asked('accept', undefined)), 'BULK-014'],
  [
    'the token came by a code',
    at('member-token', '', (step) => ({
      ...step,
      request: { ...step.request, body: 'grant_type=authorization_code' },
    })),
    'BULK-002',
  ],
  [
    'a running export is 200',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? answered({ status: 200, body: '{"state":"running"}' })(step) : step,
    ),
    'BULK-050',
  ],
  [
    'X-Progress is a novel',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? header('x-progress', 'x'.repeat(120))(step) : step,
    ),
    'BULK-051',
  ],
  [
    'Retry-After is a word',
    at('export-status', '', (step) => (step.response?.status === 202 ? header('retry-after', 'soon')(step) : step)),
    'BULK-052',
  ],
  [
    'the client does not wait',
    at('export-status', '', (step) => (step.at.includes(':05.') ? { ...step, at: '2026-03-02T15:00:01.000Z' } : step)),
    'BULK-053',
  ],
  ['the manifest is FHIR', at('export-status', '', header('content-type', 'application/fhir+json')), 'BULK-058'],
  ['the manifest never expires', at('export-status', '', header('expires', undefined)), 'BULK-059'],
  ['the manifest had expired', at('export-status', '', header('expires', 'Sun, 01 Mar 2026 16:00:05 GMT')), 'BULK-059'],
  [
    'the manifest has no errors',
    at(
      'export-status',
      '',
      body((text) => text.replace(',"error":[]', '')),
    ),
    'BULK-070 BULK-079',
  ],
  [
    'transactionTime is a day',
    at(
      'export-status',
      '',
      body((text) => text.replace('2026-03-02T15:00:00Z', '2026-03-02')),
    ),
    'BULK-071',
  ],
  [
    'transactionTime is long ago',
    at(
      'export-status',
      '',
      body((text) => text.replace('2026-03-02T15:00:00Z', '2020-03-02T15:00:00Z')),
    ),
    'BULK-071',
  ],
  [
    'request is another',
    at(
      'export-status',
      '',
      body((text) =>
        text.replace(
          '"request":"https://old.example/fhir/Patient/$export"',
          '"request":"https://old.example/fhir/$export"',
        ),
      ),
    ),
    'BULK-072',
  ],
  [
    'requiresAccessToken is a word',
    at(
      'export-status',
      '',
      body((text) => text.replace('"requiresAccessToken":true', '"requiresAccessToken":"true"')),
    ),
    'BULK-073',
  ],
  [
    'a token is shown where the manifest asks for none',
    at(
      'export-status',
      '',
      body((text) => text.replace('"requiresAccessToken":true', '"requiresAccessToken":false')),
    ),
    'BULK-087',
  ],
  [
    'an output is relative',
    at(
      'export-status',
      '',
      body((text) =>
        text.replace('"url":"https://old.example/fhir/_export/1/Patient"', '"url":"/fhir/_export/1/Patient"'),
      ),
    ),
    'BULK-074',
  ],
  [
    'a file is mixed',
    at(
      'export-file',
      '/Patient',
      body((text) => `${text}{"resourceType":"Flag","id":"f"}\n`),
    ),
    'BULK-074 BULK-076',
  ],
  [
    'an empty file is listed',
    both(
      at('export-file', '/Coverage', says('')),
      at('export-status', '', (s) => s),
    ),
    'BULK-075 BULK-076',
  ],
  ['a file is lost', at('export-file', '/Coverage', status(404)), 'BULK-080'],
  ['a file is plain NDJSON', at('export-file', '/Coverage', header('content-type', 'application/ndjson')), 'BULK-085'],
  [
    'a file is asked for without the token',
    at('export-file', '/Coverage', asked('authorization', undefined)),
    'BULK-086',
  ],
  [
    'a file is an array',
    at(
      'export-file',
      '/Condition',
      body((text) => `[${text.trim().split('\n').join(',')}]`),
    ),
    'BULK-089',
  ],
  [
    'a file is pretty',
    at(
      'export-file',
      '/Patient',
      body((text) => JSON.stringify(JSON.parse(text), null, 2)),
    ),
    'BULK-089',
  ],
  [
    'a resource is given twice',
    at(
      'export-file',
      '/Condition',
      body((text) => text + text),
    ),
    'BULK-090',
  ],
  [
    'Binary is exported',
    at(
      'export-file',
      '/Coverage',
      body((text) => `${text}{"resourceType":"Binary","id":"b"}\n`),
    ),
    'BULK-019',
  ],
  [
    'Provenance is left out',
    at(
      'export-status',
      '',
      body((text) => text.replace(/,\{"type":"Provenance"[^}]*\}/, '')),
    ),
    'BULK-038 BULK-033',
  ],
  [
    'an error file holds data',
    both(
      at(
        'export-status',
        '',
        body((text) =>
          text.replace(
            '"error":[]',
            '"error":[{"type":"OperationOutcome","url":"https://old.example/fhir/_export/1/Coverage"}]',
          ),
        ),
      ),
    ),
    'BULK-079',
  ],
  [
    'extension is a list',
    at(
      'export-status',
      '',
      body((text) => text.replace('"extension":{}', '"extension":[]')),
    ),
    'BULK-081',
  ],
  ['deletion is 200', at('export-delete', '', answered({ status: 200 })), 'BULK-095'],
  [
    'a deleted export lives',
    at('export-status', '', (step) =>
      step.response?.status === 404 ? answered({ status: 202, body: '' })(step) : step,
    ),
    'BULK-096',
  ],
  [
    'a deleted export is gone in silence',
    at('export-status', '', (step) => (step.response?.status === 404 ? answered({ body: '' })(step) : step)),
    'BULK-096',
  ],
]

describe('the export goes wrong:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})

/** A told retrieval in which the statement or a read goes wrong: the checks say so. */
import { describe, expect, it } from 'vitest'
import { answered, at, body, type Changed, header, json, says, status, titled } from './changes.ts'
import { patient } from './record.ts'
import { anaScene, story } from './story.ts'
import { outcome } from './told.ts'
import { silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  [
    'metadata is of FHIR R5',
    at(
      'metadata',
      '',
      json((s) => Object.assign(s, { fhirVersion: '5.0.0' })),
    ),
    'CORE-001 PDEX-001/the-server',
  ],
  [
    'metadata is a wish',
    at(
      'metadata',
      '',
      json((s) => Object.assign(s, { kind: 'requirements' })),
    ),
    'CORE-001',
  ],
  ['metadata is not there', at('metadata', '', status(404)), 'CORE-001'],
  [
    '$everything is not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"everything"', '"name":"nothing"').replace('Patient-everything', 'x')),
    ),
    'PDEX-002 CORE-056',
  ],
  [
    'Conditions are not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"type":"Condition"', '"type":"Flag"')),
    ),
    'PDEX-002 CORE-056',
  ],
  [
    'the export is not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"export"', '"name":"other"').replace('patient-export', 'x')),
    ),
    'BULK-098 PDEX-002',
  ],
  [
    'bulk-data is not instantiated',
    at(
      'metadata',
      '',
      body((text) => text.replace('bulk-data', 'x')),
    ),
    'BULK-098',
  ],
  [
    'member-match has another definition',
    at(
      'metadata',
      '',
      body((text) => text.replace('OperationDefinition/member-match', 'OperationDefinition/x')),
    ),
    'PDEX-344',
  ],
  [
    'only Patient has a profile',
    at(
      'metadata',
      '',
      body((text) =>
        text.replaceAll(/us-core-(?!patient)[a-z]+/g, 'x').replaceAll('/us/core/StructureDefinition/x', '/x'),
      ),
    ),
    'PDEX-328',
  ],
  [
    'vread answers with another version',
    at(
      'vread',
      '',
      body((text) => text.replace('"versionId":"1"', '"versionId":"2"')),
    ),
    'PDEX-004 PDEX-034',
  ],
  [
    'the history is a searchset',
    at(
      'history',
      '',
      body((text) => text.replace('"history"', '"searchset"')),
    ),
    'PDEX-004',
  ],
  // reading
  [
    'a read gives another resource',
    at(
      'read',
      'Condition/c1',
      body((text) => text.replace('"id":"c1"', '"id":"c9"')),
    ),
    'CORE-010/a-read-returns',
  ],
  [
    'an unknown id is found',
    at('read', 'Condition/none', answered({ status: 200, body: '{"resourceType":"Condition","id":"none"}' })),
    'CORE-010/a-read-of-an-unknown PDEX-335',
  ],
  ['ETag is of another version', at('read', 'Condition/c1', header('etag', 'W/"7"')), 'CORE-011'],
  [
    'Last-Modified is now',
    at('read', 'Condition/c1', header('last-modified', 'Mon, 02 Mar 2026 15:00:00 GMT')),
    'CORE-011',
  ],
  [
    'a resource comes as application/json',
    at('search', 'Condition?patient=ana', header('content-type', 'application/json')),
    'CORE-002 PDEX-329',
  ],
  [
    'a resource comes as text',
    at('read', 'Condition/c1', header('content-type', 'text/html')),
    'CORE-002 PDEX-329 PDEX-330',
  ],
  ['JSON is refused', at('search', 'Observation', status(406)), 'PDEX-330'],
  [
    'without a token the Patient is given',
    at('read', 'Patient/ana', (step) =>
      step.intent.mistake ? answered({ status: 200, body: JSON.stringify(patient) })(step) : step,
    ),
    'PDEX-333 HREX-058/without',
  ],
  ['an error has no body', at('read', 'Condition/none', answered({ body: '' })), 'CORE-020'],
  [
    'an error is told as information',
    at('read', 'Condition/none', says(outcome('not-found', 'information'))),
    'CORE-020',
  ],
  ['an error has a code of its own', at('read', 'Condition/none', says(outcome('oops'))), 'CORE-020'],
  [
    'an error shows the stack',
    at(
      'read',
      'Condition/none',
      body((text) => text.replace('"no"', '"boom\\n    at Object.read (/srv/app/routes/read.js:10:3)"')),
    ),
    'CORE-021',
  ],
  [
    'an error names another member',
    at(
      'search',
      'patient=iris',
      body((text) => text.replace('"no"', '"this is UMB-IRIS-9"')),
    ),
    'CORE-021',
  ],
]

describe('the statement or a read goes wrong:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})

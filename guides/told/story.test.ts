/**
 * The checks of retrieval, tried on a story told by hand: met when it goes well, and when it goes well in another way.
 */
import { describe, expect, it } from 'vitest'
import {
  answered,
  at,
  body,
  both,
  type Changed,
  dropEntries,
  everywhere,
  header,
  status,
  titled,
  without,
} from './changes.ts'
import { authorization, claim } from './record.ts'
import { anaScene, statement, story } from './story.ts'
import { sceneOf, searchset } from './told.ts'
import { codesOf } from './verdicts.ts'

const met: readonly string[] =
  `PDEX-001 PDEX-002 PDEX-004 PDEX-007 PDEX-009 PDEX-022/claims-between PDEX-033 PDEX-034 PDEX-037 PDEX-039
  PDEX-062 PDEX-063 PDEX-064 PDEX-066 PDEX-069 PDEX-070 PDEX-074 PDEX-075 PDEX-078 PDEX-105 PDEX-125 PDEX-126 PDEX-128 PDEX-130
  PDEX-132 PDEX-134 PDEX-135 PDEX-139 PDEX-328 PDEX-329 PDEX-330 PDEX-333 PDEX-335 PDEX-339 PDEX-344 PDEX-370 PDEX-374 PDEX-375
  PDEX-376 PDEX-439 PDEX-464 PDEX-465 PDEX-466 PDEX-467 PDEX-468 PDEX-469 PDEX-470 PDEX-471 PDEX-472 PDEX-476 PDEX-477 HREX-032
  HREX-058 HREX-064 HREX-065 BULK-002 BULK-010 BULK-011 BULK-014 BULK-015/the-client BULK-016 BULK-019 BULK-021 BULK-033 BULK-038
  BULK-050 BULK-051 BULK-052 BULK-053 BULK-057 BULK-058 BULK-059 BULK-070 BULK-071 BULK-072 BULK-073 BULK-074 BULK-075 BULK-076
  BULK-079 BULK-080 BULK-081 BULK-085 BULK-086 BULK-089 BULK-090 BULK-095 BULK-096 BULK-098 CORE-001 CORE-002 CORE-010/a-read
  CORE-011 CORE-020 CORE-021 CORE-031 CORE-032 CORE-033 CORE-034 CORE-035 CORE-037 CORE-038 CORE-050 CORE-051
  CORE-053/everything-returns CORE-056 CORE-061`.split(/\s+/)

/** Another way that is as good: nothing may be said against it. */
const legal: readonly Changed[] = [
  [
    'a foreign search is empty',
    at('search', 'patient=iris', answered({ status: 200, body: JSON.stringify(searchset([])) })),
    'HREX-058',
  ],
  ['a foreign search is 404', at('search', 'patient=iris', status(404)), 'HREX-058'],
  [
    '403 without a token under US Core 6.1',
    at('read', 'Patient/ana', (step) => (step.intent.mistake ? status(403)(step) : step)),
    'PDEX-333',
  ],
  [
    'no total',
    at(
      'search',
      '',
      body((text) => text.replace(/"total":\d+,/, '')),
    ),
    'CORE-031 CORE-033 PDEX-126',
  ],
  [
    'Retry-After is a date',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? header('retry-after', 'Mon, 02 Mar 2026 15:00:05 GMT')(step) : step,
    ),
    'BULK-052 BULK-053',
  ],
  [
    'no counts in the manifest',
    at(
      'export-status',
      '',
      body((text) => text.replaceAll(/,"count":\d+/g, '')),
    ),
    'BULK-070 BULK-074',
  ],
  ['the deletion marks of ETag are strong', at('read', 'Condition/c1', header('etag', '"1"')), 'CORE-011'],
  ['a server without versions', everywhere((text) => text.replaceAll('"versionId":"1",', '')), 'CORE-011 PDEX-126'],
  [
    'the operation is named patient-export',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"export"', '"name":"patient-export"')),
    ),
    'PDEX-002 BULK-098',
  ],
  [
    'a record older than five years is left out',
    (steps) => [...steps],
    'PDEX-126/each-method',
    {
      person: {
        ...(anaScene().person as object),
        record: [
          ...(anaScene().person?.record ?? []),
          {
            resourceType: 'Observation',
            id: 'old',
            subject: { reference: 'Patient/ana' },
            effectiveDateTime: '2019-01-01',
          },
        ],
      } as never,
    },
  ],
  [
    'the payer is told by identifier',
    everywhere((text) =>
      text.replaceAll(
        '"who":{"reference":"Organization/old-plan"}',
        '"who":{"identifier":{"system":"urn:oid:2.16.840.1.113883.6.300","value":"11111"}}',
      ),
    ),
    'PDEX-069 PDEX-075 PDEX-078',
  ],
  [
    'claims are left out of $everything under PDex 2.1',
    both(at('everything-page', '', dropEntries('"use":"claim"'))),
    'PDEX-126 PDEX-133',
    { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '6.1.0' } },
  ],
  [
    'claims are kept back where they must be',
    both(
      at('everything-page', '', dropEntries('"use":"claim"')),
      at('search', 'ExplanationOfBenefit', dropEntries('"use":"claim"')),
      at(
        'export-file',
        '/ExplanationOfBenefit',
        body((text) => without(text, '"use":"claim"')),
      ),
    ),
    'PDEX-126 PDEX-129 PDEX-136 PDEX-137/what BULK-005',
    { permissions: { claims: false, priorAuthorizations: true } },
  ],
  [
    'a Basis profile with a version',
    everywhere((text) =>
      text
        .replaceAll('NonClinician-Basis"', 'NonClinician-Basis|2.1.0"')
        .replaceAll('pdex-priorauthorization"', 'pdex-priorauthorization|2.0.0"'),
    ),
    'PDEX-464 PDEX-022/claims-between',
  ],
  [
    'units and amounts beside each other',
    everywhere((text) =>
      text.replaceAll(
        '"category":{"coding":[{"system":"http://hl7.org/fhir/us/davinci-pdex/CodeSystem/PDexAdjudicationDiscriminator","code":"allowedunits"}]},"value":2',
        '"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"submitted"}]},"amount":{"value":2}',
      ),
    ),
    'PDEX-466',
  ],
  [
    'an Observation says why it has no value',
    everywhere((text) =>
      text.replaceAll('"valueQuantity":{"value":6.1,"unit":"%"}', '"dataAbsentReason":{"text":"x"}'),
    ),
    'PDEX-374 PDEX-009',
  ],
]

describe('a retrieval that goes well', () => {
  it.each(met)('meets %s', (start) => {
    const codes = codesOf(start, story(), anaScene())
    for (const code of codes) expect(['pass', 'skip']).toContain(code)
    expect(codes).toContain('pass')
  })
  it('needs no knowledge of the record to compare the methods with each other', () => {
    expect(codesOf('PDEX-126/search', story(), sceneOf())).toEqual(['pass'])
    expect(codesOf('PDEX-126/each-method', story(), sceneOf())).toEqual(['skip'])
  })
})

describe('another way is as good:', () => {
  it.each(titled(legal))('$title', ({ change, starts, scene }) => {
    for (const start of starts) {
      const given = codesOf(start, change(story()), anaScene(scene))
      expect(
        given.filter((code) => code === 'fail' || code === 'warning' || code === 'error'),
        start,
      ).toEqual([])
      expect(given, start).toContain('pass')
    }
  })
})

describe('what the story rests on', () => {
  it('has a claim, an authorization and a statement to spoil', () => {
    expect([claim.use, authorization.use, statement.resourceType]).toEqual([
      'claim',
      'preauthorization',
      'CapabilityStatement',
    ])
  })
})

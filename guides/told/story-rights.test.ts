/** A told retrieval in which rights are passed over, or the client errs: the checks say so. */
import { describe, expect, it } from 'vitest'
import { answered, asked, at, body, type Changed, gone, titled } from './changes.ts'
import { anaScene, story } from './story.ts'
import { searchset } from './told.ts'
import { codesOf, silentOf } from './verdicts.ts'

/** What goes wrong, and the checks that must say so. */
const wrong: readonly Changed[] = [
  [
    'a claim is shown to whom it is not for',
    (steps) => [...steps],
    'PDEX-129 PDEX-136 PDEX-137/what BULK-005',
    { permissions: { claims: false, priorAuthorizations: true } },
  ],
  [
    'an authorization is shown to whom it is not for',
    (steps) => [...steps],
    'PDEX-129 PDEX-136 PDEX-137/what',
    { permissions: { claims: true, priorAuthorizations: false } },
  ],
  ['a sensitive record is shown', (steps) => [...steps], 'PDEX-129 PDEX-136 PDEX-137/what', { policy: 'regular' }],
  [
    'another member is found',
    at(
      'search',
      'patient=iris',
      answered({
        status: 200,
        body: JSON.stringify(
          searchset([{ resourceType: 'Condition', id: 'i1', subject: { reference: 'Patient/iris' } }]),
        ),
      }),
    ),
    'HREX-058',
  ],
  [
    'a file holds another member',
    at(
      'export-file',
      '/Condition',
      body((text) => text + text.replaceAll('Patient/ana', 'Patient/iris').replaceAll('"c1"', '"i1"')),
    ),
    'HREX-058/no-answer PDEX-135',
  ],
  [
    'an answer names another member',
    at(
      'everything-page',
      '',
      body((text) => text.replace('"MBR-000001"', '"COND-IRIS-1"')),
    ),
    'HREX-058/no-answer',
  ],
  // the client
  ['nobody looks at metadata', at('metadata', '', gone), 'PDEX-105'],
  [
    'the match token is used',
    at('search', 'Condition?patient=ana', asked('authorization', 'Bearer other')),
    'PDEX-125',
  ],
  [
    'the patient is asked for without an id',
    at('search', 'Condition?patient=ana', (step) => ({
      ...step,
      request: { ...step.request, url: step.request.url.replace('patient=ana', 'patient=') },
    })),
    'PDEX-339',
  ],
  [
    'the card has no member id',
    at('member-match', '', (step) => ({
      ...step,
      request: { ...step.request, body: step.request.body.replace('"subscriberId":"MBR-000001",', '') },
    })),
    'PDEX-037',
  ],
  ['the client stops at the first page', at('everything-page', '', gone), 'PDEX-007 HREX-032 CORE-061'],
]

it('a client is not blamed for files that another leaves behind', () => {
  const steps = story()
  const last = steps.findLast(({ move }) => move === 'export-file')
  const isExport = ({ move }: (typeof steps)[number]): boolean => move.startsWith('export-')
  const left = steps.filter((step) => step !== last)
  const theirs = left.filter(isExport).map((step) => ({ ...step, from: 'another payer' }))
  expect(codesOf('HREX-032', left, anaScene())).toEqual(['fail'])
  expect(codesOf('HREX-032', [...theirs, ...steps.filter((step) => !isExport(step))], anaScene())).toEqual(['pass'])
})

describe('rights are passed over, or the client errs:', () => {
  it.each(titled(wrong))('$title', ({ change, starts, scene }) => {
    expect(silentOf(starts, change(story()), anaScene(scene))).toEqual([])
  })
})

/** Answers that nearly are right: the right status with another body, the right label on something else, a rule kept on one route. */
import { fhir, outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import { deafTo, fault, misanswer, recast, reheaded, type Spoil } from './spoiling.ts'

const after = (status: number, change: (about: Parameters<Parameters<typeof misanswer>[0]>[1]) => Response): Spoil =>
  misanswer((answer, about) => (answer.status === status ? change(about) : answer))

const nothing = (base: string) =>
  fhir({ resourceType: 'Bundle', type: 'searchset', total: 0, link: [{ relation: 'self', url: `${base}/fhir` }] })
const shell = (visit: { params: { type?: string; id?: string } }) =>
  fhir({ resourceType: visit.params.type, id: visit.params.id, meta: { versionId: '1' } })
const unreadable = /^[a-z]{0,2}(notadate|yesterday|2024-13-77)/

const labels: readonly Fault[] = [
  fault(
    'pages-come-as-text',
    'The pages after the first are labelled as text',
    'page',
    ['CORE-002'],
    reheaded(200, { 'content-type': 'text/plain' }),
  ),
  fault(
    'histories-are-web-pages',
    'A history is labelled as HTML',
    'history',
    ['PDEX-330'],
    reheaded(200, { 'content-type': 'text/html' }),
  ),
  fault(
    'versions-are-only-xml',
    'JSON of a version is refused',
    'vread',
    ['PDEX-330'],
    (honest) => (request, visit) =>
      /json/.test(request.headers.get('accept') ?? '')
        ? outcome(406, 'not-supported', 'XML, please')
        : honest(request, visit),
  ),
  fault(
    'labels-lie',
    'What is labelled as FHIR JSON is a page of HTML',
    'history',
    ['PDEX-330'],
    misanswer((answer) =>
      answer.status === 200 ? recast(answer, '<html><body>This page has moved.</body></html>') : answer,
    ),
  ),
]

const refusals: readonly Fault[] = [
  fault(
    'bad-values-are-answered-in-words',
    'A value that cannot be read is answered with 200 and an OperationOutcome',
    'search',
    ['PDEX-332', 'CORE-041'],
    misanswer(async (answer) => (answer.status === 400 ? recast(answer, await answer.text(), {}, 200) : answer)),
  ),
  fault(
    'bad-updates-are-passed-over',
    'Only _lastUpdated is passed over when it cannot be read',
    'search',
    ['PDEX-332', 'CORE-041'],
    (honest, state) => (request, visit) =>
      unreadable.test(visit.url.searchParams.get('_lastUpdated') ?? '')
        ? deafTo('_lastUpdated')(honest, state)(request, visit)
        : honest(request, visit),
  ),
  fault(
    'strangers-find-nothing',
    'A search without a token finds nothing, and is not refused',
    'search',
    ['PDEX-333'],
    after(401, ({ state }) => nothing(state.base)),
  ),
  fault(
    'narrow-scopes-read-shells',
    'A read with the token to match with gives a resource that says nothing',
    'read',
    ['PDEX-334'],
    after(403, ({ visit }) => shell(visit)),
  ),
  fault(
    'narrow-scopes-find-nothing',
    'A search with the token to match with finds nothing, and is not refused',
    'search',
    ['PDEX-334'],
    after(403, ({ state }) => nothing(state.base)),
  ),
  fault(
    'unknown-types-find-nothing',
    'A type that nobody knows is searched, and nothing is found',
    'search',
    ['PDEX-335'],
    after(404, ({ state }) => nothing(state.base)),
  ),
  fault(
    'deleted-is-told-in-words',
    'A deleted resource is answered with 200 and an OperationOutcome',
    'read',
    ['PDEX-336', 'CORE-010'],
    misanswer(async (answer) => (answer.status === 410 ? recast(answer, await answer.text(), {}, 200) : answer)),
  ),
]

export const subtleAnswerFaults: readonly Fault[] = [...labels, ...refusals]

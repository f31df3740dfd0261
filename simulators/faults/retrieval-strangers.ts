/** Ways to give somebody the data of a member, or the files of an export, that are not theirs. */
import { altered } from '../asked.ts'
import type { Visit } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  addEntries,
  anotherMember,
  bent,
  fault,
  forMember,
  misanswer,
  rebundled,
  recast,
  recordsOf,
  relined,
  type Spoil,
  strayEntry,
} from './spoiling.ts'

/** Whose resource a path asks for. */
const ownerOf: Parameters<typeof forMember>[0] = ({ state, visit }) =>
  state.records.owner(visit.params.type ?? 'Binary', visit.params.id ?? '')

const patientAsked = (visit: Visit): string | undefined =>
  visit.url.searchParams.get('patient')?.replace(/^.*Patient\//, '')

/** Answered as if the caller were the client that began the export. */
const asOwnerOfJob: Spoil = bent((grant, { state, visit }) => {
  const job = state.jobs.find(visit.params.job ?? '')
  if (!job) return grant
  const { thumbprint: _, ...owner } = job.grant
  return {
    ...owner,
    expires: grant.expires,
    ...(grant.thumbprint === undefined ? {} : { thumbprint: grant.thumbprint }),
  }
})

/** A caller without a token is taken for the one who began the export. */
const withoutToken: Spoil = (honest, state) => (request, visit) => {
  const job = state.jobs.find(visit.params.job ?? '')
  if (request.headers.has('authorization') || !job) return honest(request, visit)
  const { thumbprint: _, ...grant } = job.grant
  state.tokens.keep('taken for granted', grant, 0)
  const headers = new Headers([...request.headers])
  headers.set('authorization', 'Bearer taken for granted')
  return honest(altered(request, { headers }), visit)
}

export const unsoundOwnership: readonly Fault[] = [
  fault(
    'documents-are-open',
    'The content of a document is given to whoever knows its id, whichever member it is about',
    'binary',
    ['HREX-058'],
    forMember(ownerOf),
  ),
  fault(
    'reads-any-member',
    'A token for one member reads the records of another by id',
    'read',
    ['HREX-058', 'PDEX-138'],
    forMember(ownerOf),
  ),
  fault(
    'vreads-any-member',
    'A token for one member reads versions of the records of another',
    'vread',
    ['HREX-058'],
    forMember(ownerOf),
  ),
  fault(
    'searches-any-member',
    'A search that names another member finds their data',
    'search',
    ['HREX-058'],
    forMember(({ visit }) => patientAsked(visit)),
  ),
  fault(
    'search-without-patient-finds-all',
    "A search that names no member finds everybody's data",
    'search',
    ['PDEX-127', 'HREX-058'],
    rebundled((bundle, { state, visit }) => {
      if ([...visit.url.searchParams.keys()].some((name) => /^(patient|_id|identifier|target)/.test(name))) return
      const others = recordsOf(state, anotherMember(state, visit), visit.params.type ?? '')
      addEntries(
        bundle,
        others.map((resource) => strayEntry(state, resource)),
      )
    }),
  ),
  fault(
    'everything-of-any-member',
    'A token for one member opens $everything of another',
    'everything',
    ['HREX-058', 'CORE-054'],
    forMember(({ visit }) => visit.params.id),
  ),
  fault(
    'everything-has-a-stranger',
    '$everything ends with a record of another member',
    'everything',
    ['CORE-053', 'HREX-058'],
    rebundled((bundle, { state, visit }) => {
      const [stranger] = recordsOf(state, anotherMember(state, visit), 'Encounter')
      if (stranger) addEntries(bundle, [strayEntry(state, stranger)])
    }),
  ),
  fault(
    'revinclude-shows-a-stranger',
    '_revinclude brings Provenance about the records of another member',
    'search',
    ['CORE-051', 'HREX-058'],
    rebundled((bundle, { state, visit }) => {
      if (!visit.url.searchParams.has('_revinclude') || !bundle.entry) return
      const [stray] = recordsOf(state, anotherMember(state, visit), 'Provenance')
      if (stray) addEntries(bundle, [strayEntry(state, stray, 'include')])
    }),
  ),
  fault(
    'include-shows-a-stranger',
    '_include brings a Coverage of another member',
    'search',
    ['HREX-058'],
    rebundled((bundle, { state, visit }) => {
      if (!visit.url.searchParams.has('_include') || !bundle.entry) return
      const [stray] = recordsOf(state, anotherMember(state, visit), 'Coverage')
      if (stray) addEntries(bundle, [strayEntry(state, stray, 'include')])
    }),
  ),
  fault(
    'export-has-a-stranger',
    'A file of the export holds records of another member as well',
    'file',
    ['PDEX-135', 'HREX-058'],
    relined((lines, { state, visit }) => [
      ...lines,
      ...recordsOf(state, anotherMember(state, visit), visit.params.file?.replace('.ndjson', '') ?? ''),
    ]),
  ),
  fault(
    'manifest-lists-a-strangers-file',
    "The manifest lists a file about another member beside the client's own",
    'all',
    ['HREX-058', 'BULK-005'],
    (honest, state) => async (request, visit) => {
      const stray = /\/_export\/[^/]+\/stray\.ndjson$/.test(visit.url.pathname)
      if (!stray) {
        const answer = await honest(request, visit)
        if (!/\/_export\/[^/]+$/.test(visit.url.pathname) || answer.status !== 200) return answer
        const manifest = (await answer.json()) as { output: object[] }
        manifest.output.push({
          type: 'Condition',
          url: `${state.base}${visit.url.pathname.slice(new URL(state.base).pathname.length)}/stray.ndjson`,
        })
        return recast(answer, JSON.stringify(manifest))
      }
      const lines = recordsOf(state, anotherMember(state, visit), 'Condition')
      return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {
        headers: { 'content-type': 'application/fhir+ndjson' },
      })
    },
  ),
  fault(
    'files-are-open-to-all-clients',
    'Whoever knows the address of a file and has some token can download it',
    'file',
    ['HREX-058'],
    asOwnerOfJob,
  ),
  fault(
    'files-need-no-token',
    'Files are said to need a token, and are given without one',
    'file',
    ['BULK-003', 'HREX-058'],
    withoutToken,
  ),
  fault(
    'status-needs-no-token',
    'The status of an export is told without a token',
    'status',
    ['BULK-003'],
    withoutToken,
  ),
  fault(
    'foreign-id-in-outcome',
    "The refusal of another member's record tells their member number",
    'read',
    ['CORE-021'],
    misanswer(async (answer, { state, visit }) => {
      const owner = ownerOf({ state, visit, request: new Request(visit.url) })
      if (answer.status < 403 || !owner || owner === visit.grant?.patientId) return answer
      const identifier = state.members.byPatientId(owner)?.memberIdentifier.value ?? owner
      const body = JSON.parse(await answer.text()) as { issue: { diagnostics?: string }[] }
      const [issue] = body.issue
      if (issue) issue.diagnostics = `the record of member ${identifier} is not for you`
      return recast(answer, JSON.stringify(body))
    }),
  ),
]

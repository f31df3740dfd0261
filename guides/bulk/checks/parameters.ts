/** Parameters of an export, and what each does to the output (Bulk Data 2.0 export, query parameters). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, isMistaken, status } from '../../core/judging.ts'
import { keyOf, type Received, type Resource } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { answersToAll } from '../../core/search-parameters.ts'
import { foreignIn, memberIds } from '../../pdex/member.ts'
import { targetsOf } from '../../pdex/origins.ts'
import { type Export, exportsIn, isUnfiltered, typesAskedFor } from '../exports.ts'
import { kickOffs, soundKickOffs } from './kick-off.ts'

/** Whole exports whose kick-off has that parameter; throws `not-seen` when nobody used it. */
function exportsWith(transcript: Transcript, scene: Scene, name: string): Export[] {
  kickOffs(transcript, scene, (x) => asked(x).params.has(name) && !isMistaken(x))
  return exportsIn(transcript, scene.responder).filter(
    ({ kickOff, whole }) => whole && asked(kickOff).params.has(name) && !isMistaken(kickOff),
  )
}

/** The latest whole export without any filter, by the same client. */
const unfiltered = (transcript: Transcript, scene: Scene, like: Export): Export | undefined =>
  exportsIn(transcript, scene.responder).findLast(
    ({ kickOff, whole }) => whole && kickOff.from === like.kickOff.from && isUnfiltered(kickOff),
  )

const notWhole = (name: string): Finding[] => [undecided(undefined, `no export with ${name} was fetched completely`)]

export const repeatedIsListed = check(
  'BULK-013',
  'SHALL',
  'A repeated _type means what a comma list means',
  (transcript, scene) => {
    const all = exportsWith(transcript, scene, '_type')
    const repeated = all.filter(({ kickOff }) => asked(kickOff).params.getAll('_type').length > 1)
    if (repeated.length === 0) return [undecided(undefined, 'nobody repeated _type')]
    return repeated.flatMap((one) => {
      const wanted = [...(typesAskedFor(one.kickOff) ?? [])].sort().join()
      const listed = all.find(
        (other) =>
          other !== one &&
          asked(other.kickOff).params.getAll('_type').length === 1 &&
          [...(typesAskedFor(other.kickOff) ?? [])].sort().join() === wanted,
      )
      if (!listed) return [undecided(one.kickOff, 'nobody asked for the same types in a comma list')]
      const keys = ({ received }: Export): string =>
        received
          .map(({ resource }) => keyOf(resource))
          .filter((key) => !key.startsWith('Provenance/'))
          .sort()
          .join()
      return keys(one) === keys(listed)
        ? []
        : [unmet(one.completed, 'different-result', 'repeated and listed _type give different files')]
    })
  },
)

const spellings = ['application/fhir+ndjson', 'application/ndjson', 'ndjson']

export const formatsAreAccepted = check(
  'BULK-030',
  'SHALL',
  'Every name of NDJSON is accepted, another format refused',
  (transcript, scene) => {
    const made = kickOffs(transcript, scene, (x) => asked(x).params.has('_outputFormat'))
    const format = (x: Exchange): string => asked(x).params.get('_outputFormat') ?? ''
    const findings = made.flatMap((x) =>
      spellings.includes(format(x))
        ? status(x, [202], `_outputFormat=${format(x)} is accepted`)
        : answered(x).status >= 400
          ? []
          : [
              unmet(x, 'wrong-status', `_outputFormat=${format(x)} is accepted`, {
                expected: '4xx',
                actual: answered(x).status,
              }),
            ],
    )
    const tried = new Set(made.map(format))
    const open = spellings.filter((name) => !tried.has(name))
    return [
      ...findings,
      ...(open.length > 0 || [...tried].every((name) => spellings.includes(name))
        ? [undecided(undefined, open.length > 0 ? `nobody tried ${open.join(', ')}` : 'nobody tried another format')]
        : []),
    ]
  },
)

export const sinceIsHonoured = check('BULK-031', 'SHALL', '_since gives what changed after it', (transcript, scene) => {
  const all = exportsWith(transcript, scene, '_since')
  if (all.length === 0) return notWhole('_since')
  return all.flatMap((one): Finding[] => {
    const since = Date.parse(asked(one.kickOff).params.get('_since') ?? '')
    const old = one.received.filter(({ resource }) => isPlainlyOlder(resource, since))
    const whole = unfiltered(transcript, scene, one)
    const got = new Set(one.received.map(({ resource }) => keyOf(resource)))
    const fresh = whole?.received.filter(
      ({ resource }) =>
        Date.parse(resource.meta?.lastUpdated ?? '') > since + 1000 &&
        !got.has(keyOf(resource)) &&
        resource.resourceType !== 'Provenance',
    )
    return [
      ...few(
        old.map(({ exchange, resource, expression }) =>
          unmet(exchange, 'ignored-parameter', `${keyOf(resource)} did not change after _since`, {
            actual: resource.meta?.lastUpdated,
            expression,
          }),
        ),
      ),
      ...(fresh && fresh.length > 0
        ? [
            unmet(one.completed, 'lost-resource', 'what changed after _since is left out', {
              expected: fresh.slice(0, 5).map(({ resource }) => keyOf(resource)),
            }),
          ]
        : []),
      ...(whole && !whole.received.some(({ resource }) => isPlainlyOlder(resource, since))
        ? [undecided(one.kickOff, 'everything changed after _since: nothing could be left out')]
        : []),
    ]
  })
})

export const unreadableSinceIsRefused = check(
  'BULK-031',
  'SHALL',
  'A _since that cannot be read is refused',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'bad-since').flatMap((x) =>
      answered(x).status >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'a _since that cannot be read is passed over', {
              expected: '4xx',
              actual: answered(x).status,
            }),
          ],
    ),
)

/** Changed before; what is only pointed at may come along all the same. */
const isPlainlyOlder = ({ resourceType, meta }: Resource, since: number): boolean =>
  ![
    'Patient',
    'Practitioner',
    'PractitionerRole',
    'Organization',
    'Location',
    'Medication',
    'Provenance',
    'Endpoint',
  ].includes(resourceType) && Date.parse(meta?.lastUpdated ?? '') < since - 1000

export const typesAreHonoured = check(
  'BULK-032',
  'SHALL',
  'With _type only these types are given',
  (transcript, scene) => {
    const all = exportsWith(transcript, scene, '_type')
    if (all.length === 0) return notWhole('_type')
    return all.flatMap((one) => {
      const types = typesAskedFor(one.kickOff) ?? new Set()
      const others = one.received.filter(({ resource }) => !types.has(resource.resourceType))
      const whole = unfiltered(transcript, scene, one)
      const got = new Set(one.received.map(({ resource }) => resource.resourceType))
      const lost = [...types].filter(
        (type) => !got.has(type) && whole?.received.some(({ resource }) => resource.resourceType === type),
      )
      return [
        ...few(
          others.map(({ exchange, resource, expression }) =>
            unmet(exchange, 'ignored-parameter', `${keyOf(resource)} is of none of the types asked for`, {
              expected: [...types],
              expression,
            }),
          ),
        ),
        ...(lost.length > 0
          ? [
              unmet(one.completed, 'missing-type', `the export leaves out ${lost.join(', ')}, which was asked for`, {
                expected: lost,
              }),
            ]
          : []),
      ]
    })
  },
)

export const unknownTypesAreErrors = check(
  'BULK-034',
  'SHOULD',
  'An unknown _type is refused, unless the client is lenient',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'unknown-type').flatMap((x) => {
      const lenient = /handling=lenient/.test(header(x.request, 'prefer') ?? '')
      if (lenient)
        return answered(x).status === 202
          ? []
          : [noted(x, 'refuses-lenient', 'an unknown _type is refused though the client is lenient')]
      return answered(x).status >= 400
        ? []
        : [unmet(x, 'wrong-status', 'an unknown _type is accepted', { expected: '4xx', actual: answered(x).status })]
    }),
)

export const elementsAreTrimmed = check(
  'BULK-035',
  'SHOULD',
  '_elements trims resources and tags them SUBSETTED',
  (transcript, scene) => {
    kickOffs(transcript, scene, (x) => asked(x).params.has('_elements'))
    const all = exportsWith(transcript, scene, '_elements')
    if (all.length === 0) return notWhole('_elements')
    return all.flatMap((one) =>
      few(
        one.received
          .filter(
            ({ resource }) =>
              !resource.meta?.tag?.some(({ code }) => code === 'SUBSETTED') && resource.resourceType !== 'Provenance',
          )
          .map(({ exchange, resource, expression }) =>
            unmet(exchange, 'missing-tag', `${keyOf(resource)} is not tagged SUBSETTED`, { expression }),
          ),
      ),
    )
  },
)

export const strangersAreNotGiven = check(
  'BULK-036',
  'SHALL NOT',
  'An export gives data of patients outside of the list',
  (transcript, scene) => {
    const made = kickOffs(transcript, scene, (x) => asked(x).params.has('patient'))
    const own = memberIds(transcript, scene)
    const named = exportsIn(transcript, scene.responder).filter(({ kickOff }) => made.includes(kickOff))
    const given = named.flatMap(({ files }) => foreignIn(files, own, scene))
    const accepted = made.filter((x) => x.intent.mistake === 'foreign' && succeeded(x))
    const refused = made.filter((x) => x.intent.mistake === 'foreign' && !succeeded(x))
    const waiting = accepted.filter(
      (x) => !named.some(({ kickOff, completed }) => kickOff === x && completed !== undefined),
    )
    return [
      ...few(given.map(({ exchange, expression, what }) => unmet(exchange, 'other-member', what, { expression }))),
      ...waiting.map((x) => undecided(x, 'the export that names a stranger was not waited for')),
      ...(refused.length + accepted.length === 0 && given.length === 0
        ? [undecided(made[0], 'no export named a stranger')]
        : []),
    ]
  },
)

const provenanceOf = (received: readonly Received[]): Received[] =>
  received.filter(({ resource }) => resource.resourceType === 'Provenance')

export const associatedDataIsHonoured = check(
  'BULK-037',
  'SHALL',
  'includeAssociatedData chooses the Provenance',
  (transcript, scene) => {
    const made = soundKickOffs(transcript, scene, (x) => asked(x).params.has('includeAssociatedData'))
    if (made.every((x) => !succeeded(x))) return [undecided(made[0], 'includeAssociatedData is not supported')]
    const all = exportsWith(transcript, scene, 'includeAssociatedData')
    if (all.length === 0) return notWhole('includeAssociatedData')
    return all.flatMap((one): Finding[] => {
      const values = asked(one.kickOff)
        .params.getAll('includeAssociatedData')
        .flatMap((value) => value.split(','))
      if (!values.includes('LatestProvenanceResources') || values.includes('RelevantProvenanceResources'))
        return provenanceOf(one.received).length > 0
          ? []
          : [unmet(one.completed, 'missing-provenance', 'no Provenance is given with the data', { expected: values })]
      const counts = new Map<string, number>()
      for (const { resource } of provenanceOf(one.received).filter(({ resource }) => !isTransmission(resource)))
        for (const key of targetsOf(resource)) counts.set(key, (counts.get(key) ?? 0) + 1)
      const several = [...counts].filter(([, count]) => count > 1).map(([key]) => key)
      return several.length > 0
        ? [
            unmet(one.completed, 'too-many', 'a resource has more than its latest Provenance', {
              actual: several.slice(0, 5),
            }),
          ]
        : []
    })
  },
)

/** The payer's own Provenance of sending, which stands beside the record's. */
const isTransmission = (resource: Resource): boolean => JSON.stringify(resource.agent ?? '').includes('"transmitter"')

export const provenanceIsGiven = check(
  'BULK-038',
  'SHALL',
  'Provenance of the patient’s data is given unless it is excluded',
  (transcript, scene) => {
    kickOffs(transcript, scene, (x) => isUnfiltered(x) && !isMistaken(x))
    const all = exportsIn(transcript, scene.responder).filter(
      ({ kickOff, whole }) => whole && isUnfiltered(kickOff) && !asked(kickOff).params.has('includeAssociatedData'),
    )
    if (all.length === 0) return notWhole('no filter')
    return all.flatMap((one): Finding[] => {
      const given = new Set(provenanceOf(one.received).map(({ resource }) => resource.id))
      const keys = new Set(one.received.map(({ resource }) => keyOf(resource)))
      const held = ((scene.person?.record ?? []) as unknown as Resource[]).filter(
        (resource) => resource.resourceType === 'Provenance' && targetsOf(resource).some((key) => keys.has(key)),
      )
      const lost = held.filter(({ id }) => !given.has(id))
      if (lost.length > 0)
        return [
          unmet(one.completed, 'missing-provenance', `${lost.length} Provenance of what is given is left out`, {
            expected: lost.slice(0, 5).map(keyOf),
          }),
        ]
      return given.size > 0
        ? []
        : held.length === 0 && scene.person?.record
          ? [undecided(one.completed, 'the payer holds no Provenance of this member')]
          : [unmet(one.completed, 'missing-provenance', 'the export holds no Provenance', { expected: 'Provenance' })]
    })
  },
)

/** `Type?query` -> its type and its query. */
const filtersOf = (kickOff: Exchange): { type: string; query: URLSearchParams }[] =>
  asked(kickOff)
    .params.getAll('_typeFilter')
    .flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/))
    .map((text) => ({ type: text.split('?')[0] ?? '', query: new URLSearchParams(text.split('?')[1] ?? '') }))

function filtered(transcript: Transcript, scene: Scene, several: boolean): Finding[] {
  const made = soundKickOffs(transcript, scene, (x) => asked(x).params.has('_typeFilter'))
  if (made.every((x) => !succeeded(x))) return [undecided(made[0], '_typeFilter is not supported')]
  const all = exportsWith(transcript, scene, '_typeFilter').filter(
    ({ kickOff }) => filtersOf(kickOff).length > 1 === several,
  )
  if (all.length === 0) return notWhole(several ? 'several filters' : 'one filter')
  return all.flatMap((one): Finding[] => {
    const filters = filtersOf(one.kickOff)
    const types = new Set(filters.map(({ type }) => type))
    const fits = (resource: Resource): boolean =>
      filters.some(({ type, query }) => type === resource.resourceType && answersToAll(resource, query))
    const wrong = one.received.filter(({ resource }) => types.has(resource.resourceType) && !fits(resource))
    const whole = unfiltered(transcript, scene, one)
    const got = new Set(one.received.map(({ resource }) => keyOf(resource)))
    const lost = whole?.received.filter(
      ({ resource }) =>
        (typesAskedFor(one.kickOff)?.has(resource.resourceType) ?? true) &&
        resource.resourceType !== 'Provenance' &&
        (!types.has(resource.resourceType) || fits(resource)) &&
        !got.has(keyOf(resource)),
    )
    return [
      ...few(
        wrong.map(({ exchange, resource, expression }) =>
          unmet(exchange, 'ignored-parameter', `${keyOf(resource)} answers to none of the filters`, { expression }),
        ),
      ),
      ...(lost && lost.length > 0
        ? [
            unmet(one.completed, 'lost-resource', 'the filters leave out what they should keep', {
              expected: lost.slice(0, 5).map(({ resource }) => keyOf(resource)),
            }),
          ]
        : []),
      ...(whole && !whole.received.some(({ resource }) => types.has(resource.resourceType) && !fits(resource))
        ? [undecided(one.kickOff, 'the record holds nothing that the filter could leave out')]
        : []),
    ]
  })
}

export const filterIsHonoured = check(
  'BULK-039',
  'SHALL',
  '_typeFilter gives what answers to it',
  (transcript, scene) => filtered(transcript, scene, false),
)
export const filtersAreAlternatives = check(
  'BULK-040',
  'SHALL',
  'Several filters on a type are alternatives',
  (transcript, scene) => filtered(transcript, scene, true),
)

const later = ['_until', 'organizeOutputBy', 'allowPartialManifests']

export const laterParameters = check(
  'BULK-041',
  'MAY',
  'Parameters of Bulk Data 3.0 are honoured or refused',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => later.some((name) => asked(x).params.has(name))).map((x) =>
      succeeded(x)
        ? noted(x, 'accepted', 'a parameter of Bulk Data 3.0 is accepted')
        : answered(x).status >= 500
          ? unmet(x, 'wrong-status', 'a parameter of Bulk Data 3.0 breaks the export', {
              expected: '202 or 4xx',
              actual: answered(x).status,
            })
          : undecided(x, 'Bulk Data 3.0 is not offered'),
    ),
)

export const unsupportedIsRefused = check(
  'BULK-042',
  'SHOULD',
  'A parameter that is not supported is refused, unless the client is lenient',
  (transcript, scene) =>
    kickOffs(transcript, scene, (x) => x.intent.mistake === 'unknown-parameter').flatMap((x) => {
      const lenient = /handling=lenient/.test(header(x.request, 'prefer') ?? '')
      if (lenient)
        return answered(x).status < 500 ? [] : status(x, [202, 400], 'a lenient kick-off is accepted or refused')
      return answered(x).status >= 400
        ? []
        : [
            unmet(x, 'wrong-status', 'a parameter that is not supported is passed over', {
              expected: '4xx',
              actual: answered(x).status,
            }),
          ]
    }),
)

export const parameterChecks: readonly Check[] = [
  repeatedIsListed,
  formatsAreAccepted,
  sinceIsHonoured,
  unreadableSinceIsRefused,
  typesAreHonoured,
  unknownTypesAreErrors,
  elementsAreTrimmed,
  strangersAreNotGiven,
  associatedDataIsHonoured,
  provenanceIsGiven,
  filterIsHonoured,
  filtersAreAlternatives,
  laterParameters,
  unsupportedIsRefused,
]

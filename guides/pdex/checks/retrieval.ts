/** Retrieval of one member: the same data by search, $everything and export, and nothing beyond (PDex p2p-single §194-§219). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { type Exchange, json } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, requests, status, tokenOf } from '../../core/judging.ts'
import { bundleOf, type Received } from '../../core/received.ts'
import { asked, choosing, succeeded } from '../../core/rest.ts'
import { covers, expected, firstKeys, type Holding, holdings, mayDiffer, personal } from '../holdings.ts'
import { foreignIn, memberIds, retrieving } from '../member.ts'
import { searchedTypes } from '../profiles.ts'

/** The client looks at what the server can do before it retrieves. */
export const looksAtTheStatementFirst = check(
  'PDEX-105',
  'SHOULD',
  'The client reads the CapabilityStatement before it retrieves',
  (transcript, scene) => {
    const [first] = transcript.some(['search', 'everything', 'export-kick-off'], {
      from: scene.requester,
      to: scene.responder,
    })
    const all = transcript.from(0)
    const before = all.slice(0, all.indexOf(first as Exchange))
    const looked = before.some(
      (x) => x.from === scene.requester && x.to === scene.responder && asked(x).interaction === 'capabilities',
    )
    return looked
      ? []
      : [
          unmet(first, 'missing-request', 'nobody asked for metadata before the first retrieval', {
            expected: 'GET metadata',
          }),
        ]
  },
)

/** Every retrieval carries a token that was issued for that member, and no other. */
export const usesTheMemberToken = check(
  'PDEX-125',
  'SHALL',
  'Retrieval uses the token issued for the member',
  (transcript, scene) => {
    const made = transcript.some(
      retrieving.filter((move) => move !== 'probe'),
      {
        from: scene.requester,
        to: scene.responder,
        where: (x) => !isMistaken(x),
      },
    )
    const all = transcript.from(0)
    return few(
      made.flatMap((x): Finding[] => {
        const issued = all
          .slice(0, all.indexOf(x))
          .filter((y) => y.move === 'member-token' && y.from === x.from && y.to === x.to && succeeded(y))
          .map(tokenIn)
        const token = tokenOf(x)
        if (token === undefined && !needsToken(x, all)) return []
        return token !== undefined && issued.includes(token)
          ? []
          : [
              unmet(x, 'wrong-token', 'retrieval does not carry a token issued for the member', {
                actual: token === undefined ? 'no token' : 'another token',
              }),
            ]
      }),
    )
  },
)

const tokenIn = (x: Exchange): string | undefined =>
  (x.response && (json(x.response) as { access_token?: string } | undefined))?.access_token

/** A file of an export that says that it needs no token. */
const needsToken = (x: Exchange, all: readonly Exchange[]): boolean =>
  !(
    x.move === 'export-file' &&
    all.some(
      (y) =>
        y.move === 'export-status' &&
        y.response &&
        (json(y.response) as { requiresAccessToken?: unknown })?.requiresAccessToken === false,
    )
  )

/** Types or records that one method gives and another does not. */
export const methodsAgree = check(
  'PDEX-126',
  'SHALL',
  'Search, $everything and export give the same data',
  (transcript, scene) => {
    const all = holdings(transcript, scene)
    if (all.length < 2) return [undecided(undefined, 'the data was not retrieved completely by two methods')]
    const findings: Finding[] = []
    for (const one of all)
      for (const other of all) {
        if (one === other) continue
        const missing = personal(one).filter(([key, { resource }]) => {
          if (other.seen.has(key) || !covers(other, resource.resourceType)) return false
          return !mayDiffer(one, other, resource, scene)
        })
        if (missing.length > 0) findings.push(missed(other, one, missing))
      }
    return findings
  },
)

function missed(holding: Holding, than: Holding, missing: readonly [string, Received][]): Finding {
  const types = [...new Set(missing.map(([, { resource }]) => resource.resourceType))]
  return unmet(
    holding.exchanges.at(-1),
    'missing-records',
    `${holding.method} leaves out ${missing.length} of the records that ${than.method} gives (${types.join(', ')})`,
    { expected: firstKeys(missing), actual: `${holding.seen.size} records, not these` },
  )
}

/** Where the record is known: every method gives all of it that this client may see. */
export const methodsAreComplete = check(
  'PDEX-126',
  'SHALL',
  'Each method gives the whole record of the member',
  (transcript, scene) => {
    const all = holdings(transcript, scene)
    if (all.length === 0) return [undecided(undefined, 'the data was not retrieved completely by any method')]
    return all.flatMap((holding): Finding[] => {
      const wanted = expected(scene, holding.method)
      if (!wanted)
        return [undecided(holding.exchanges[0], 'what the payer holds is not known, so nothing can be missed')]
      const missing = [...wanted].filter(
        ([key, { resourceType }]) => covers(holding, resourceType) && !holding.seen.has(key),
      )
      if (missing.length === 0) return []
      const types = [...new Set(missing.map(([key]) => key.split('/')[0]))]
      return [
        unmet(
          holding.exchanges.at(-1),
          'missing-records',
          `${holding.method} leaves out ${missing.length} of ${wanted.size} records that the payer holds (${types.join(', ')})`,
          { expected: firstKeys(missing), actual: `${holding.seen.size} records, not these` },
        ),
      ]
    })
  },
)

/** Each clinical type of the table can be searched by patient. */
export const typesCanBeSearched = check(
  'PDEX-127',
  'SHALL',
  'Each type of the table can be searched by patient',
  (transcript, scene) => {
    const made = requests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        x.from === scene.requester &&
        x.move === 'search' &&
        interaction === 'search-type' &&
        searchedTypes(scene.editions).includes(type ?? '') &&
        params.has('patient') &&
        !isMistaken(x) &&
        hasToken(x),
    )
    const refused = made.filter((x) => {
      // A type that works by patient and one more parameter is searchable, too: only a type that never worked is not.
      const { type } = asked(x)
      return !succeeded(x) && !made.some((y) => asked(y).type === type && succeeded(y))
    })
    const tried = new Set(made.map((x) => asked(x).type))
    const untried = searchedTypes(scene.editions).filter((type) => !tried.has(type))
    return [
      ...refused.flatMap((x) => status(x, [200], `${asked(x).type} can be searched by patient`)),
      ...made
        .filter((x) => succeeded(x) && bundleOf(x)?.type !== 'searchset')
        .map((x) =>
          unmet(x, 'wrong-bundle', `the search of ${asked(x).type} is no searchset`, { actual: bundleOf(x)?.type }),
        ),
      ...(untried.length > 0 ? [undecided(undefined, `nobody searched ${untried.join(', ')}`)] : []),
    ]
  },
)

/** Without a patient, a token of one patient finds that patient's data and nothing else, or is refused. */
export const searchWithoutPatient = check(
  'PDEX-127',
  'SHALL',
  'A search without a patient gives nothing of another member',
  (transcript, scene) => {
    const own = memberIds(transcript, scene)
    const made = transcript.some(['search', 'next-page'], {
      from: scene.requester,
      to: scene.responder,
      where: (x) =>
        asked(x).interaction === 'search-type' &&
        !choosing(asked(x).params).includes('patient') &&
        asked(x).type !== 'Patient' &&
        hasToken(x),
    })
    const foreign = foreignIn(made, own, scene).map(({ exchange, expression, what }) =>
      unmet(exchange, 'other-member', `a search without a patient shows another member: ${what}`, { expression }),
    )
    const worked = made.some((x) => bundleOf(x) || [400, 403].includes(x.response?.status ?? 0))
    return foreign.length > 0 || worked
      ? few(foreign)
      : [undecided(made[0], 'the search without a patient was not answered')]
  },
)

export const retrievalChecks: readonly Check[] = [
  looksAtTheStatementFirst,
  usesTheMemberToken,
  methodsAgree,
  methodsAreComplete,
  typesCanBeSearched,
  searchWithoutPatient,
]

/** Who may see what: permissions below the level of types, and the right to a record at all (PDex §218, §219, fap; HRex sec-20). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, gaveNothing, hasToken, suspicious } from '../../core/judging.ts'
import { keyOf, resourcesIn } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { type Holding, hidden, holdings, personal, traces } from '../holdings.ts'
import { memberIds, names, retrieving } from '../member.ts'
import { dedupe, explanations, shown, withheldUses } from '../rights.ts'

/** Below the level of types, on every route. */
export const permissionsHoldEverywhere = check(
  'PDEX-137',
  'SHALL',
  'What the requester may not see is on none of the routes',
  (transcript, scene) => {
    const all = holdings(transcript, scene)
    const out = hidden(scene)
    const direct = transcript.all(['read', 'vread', 'history', 'search', 'binary', 'probe'], {
      from: scene.requester,
      to: scene.responder,
      where: (x) => x.intent.mistake === 'withheld',
    })
    if (all.length === 0 && direct.length === 0) return [undecided(undefined, 'nothing was retrieved')]
    const findings = [
      ...all.flatMap((holding) => [...shown(holding, out), ...withheldUses(holding, scene)]),
      ...all.flatMap((holding) => trail(holding, out)),
      ...direct.flatMap((x) =>
        gaveNothing(x) ||
        (asked(x).type !== 'Binary' && resourcesIn(x).every(({ resource }) => !out.has(keyOf(resource))))
          ? []
          : [
              unmet(x, 'disclosed', `${x.request.method} ${pathOf(x)} gives a record that this client may not see`, {
                expected: '403, 404 or nothing',
                actual: x.response?.status,
              }),
            ],
      ),
    ]
    const restricted =
      out.size > 0 || scene.permissions?.claims === false || scene.permissions?.priorAuthorizations === false
    const allowed = all.some((holding) => personal(holding).length > 0)
    if (findings.length === 0 && (!restricted || !allowed))
      return [
        undecided(
          undefined,
          restricted ? 'nothing else was given, either' : 'this client may see everything that is held',
        ),
      ]
    return few(dedupe(findings))
  },
)

/** Provenance about nothing but what is kept back tells that it is there. */
const trail = (holding: Holding, out: ReadonlyMap<string, string>): Finding[] =>
  traces(holding.seen.values(), out).map(({ exchange, resource, expression }) =>
    suspicious(
      exchange,
      'trail',
      `${holding.method} gives ${keyOf(resource)}, which is about nothing but records that are kept back`,
      {
        expression,
      },
    ),
  )

const pathOf = ({ request }: Exchange): string => new URL(request.url).pathname.split('/').slice(-2).join('/')

/** Clients with different rights get different claims. */
export const clientsDiffer = check(
  'PDEX-137',
  'SHALL',
  'Two clients with different permissions get different data',
  (transcript, scene) => {
    const others = [...new Set(transcript.from(0).map((x) => x.from))].filter(
      (name) => name !== scene.requester && name !== scene.responder,
    )
    const mine = holdings(transcript, scene)
    const findings: Finding[] = []
    let compared = 0
    for (const other of others)
      for (const theirs of holdings(transcript, scene, other)) {
        // What the other may not see is none of its data, however much of it was left out.
        const permissions = permissionsOf(other, scene)
        if (permissions) findings.push(...withheldUses(theirs, { ...scene, permissions }))
        const own = mine.find(({ method }) => method === theirs.method)
        if (
          !own ||
          (!holdsClaims(scene) && [own, theirs].every((holding) => explanations(holding, 'claim').length === 0))
        )
          continue
        compared++
        const [a, b] = [explanations(own, 'claim'), explanations(theirs, 'claim')].map((keys) => keys.sort().join())
        if (a === b)
          findings.push(
            unmet(
              theirs.exchanges[0],
              'same-data',
              `${own.method} gives both clients the same claims, though only one may see them`,
              {
                expected: 'different claims',
                actual: a === '' ? 'no claims' : `${a?.split(',').length} claims for both`,
              },
            ),
          )
      }
    if (compared > 0 || findings.length > 0) return findings
    return [undecided(undefined, 'no method gave one of two clients a claim to tell them apart by')]
  },
)

/** Does the member's record have claims, as far as it is known? */
const holdsClaims = ({ person }: Scene): boolean =>
  person?.record?.some((one) => one.resourceType === 'ExplanationOfBenefit' && one.use === 'claim') ?? false

/** What the scenario says that a client may see; undefined where it says nothing. */
function permissionsOf(client: string, { happened = [] }: Scene): Scene['permissions'] {
  const last = happened.findLast(({ fixture }) => fixture.is === 'permissions' && fixture.payer === client)?.fixture
  return last?.is === 'permissions' ? last : undefined
}

/** Another payer that did not match the member gets nothing of what this one gets. */
export const onlyTheMatchingClient = check(
  'PDEX-138',
  'SHOULD',
  'A client gets data only of members that it matched',
  (transcript, scene) => {
    const ids = memberIds(transcript, scene)
    const tries = transcript.some(retrieving, {
      to: scene.responder,
      where: (x) => x.from !== scene.requester && x.from !== scene.responder && hasToken(x) && names(x, ids),
    })
    const given = tries.filter(
      (x) =>
        !gaveNothing(x) &&
        succeeded(x) &&
        resourcesIn(x).some(({ resource }) => resource.resourceType !== 'OperationOutcome'),
    )
    const worked = transcript
      .from(0)
      .some(
        (x) =>
          x.from === scene.requester &&
          x.to === scene.responder &&
          names(x, ids) &&
          succeeded(x) &&
          resourcesIn(x).length > 0,
      )
    return [
      ...few(
        given.map((x) =>
          unmet(x, 'disclosed', 'a client that did not match the member gets the member’s data', {
            expected: '401, 403, 404 or nothing',
            actual: x.response?.status,
          }),
        ),
      ),
      ...(worked ? [] : [undecided(undefined, 'the client that matched the member got nothing, either')]),
    ]
  },
)

export const permissionChecks: readonly Check[] = [permissionsHoldEverywhere, clientsDiffer, onlyTheMatchingClient]

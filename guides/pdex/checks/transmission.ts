/**
 * The Provenance of the exchange itself: the payer is named as custodian and as transmitter (PDex prov, overview
 * §126-§128).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/payload.ts'
import { isPersonal } from '../../core/compartment.ts'
import { few, suspicious } from '../../core/judging.ts'
import { keyOf, type Received } from '../../core/received.ts'
import { asked } from '../../core/rest.ts'
import { type Holding, holdings } from '../holdings.ts'
import {
  agentsOf,
  isCustodial,
  isProvenance,
  isThePayer,
  isTransmitter,
  provenancesIn,
  targetsOf,
  typeOf,
} from '../origins.ts'

/** By what the payer itself did with the data. */
export const custodyIsTold = check(
  'PDEX-069',
  'SHALL',
  'The payer adds Provenance of its own custody or transmission',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const found = all.filter(isProvenance)
    if (found.length === 0) return [undecided(undefined, 'no Provenance came')]
    return byThePayer(found, all, scene, isCustodial, 'custodian or transmitter')
  },
)

/** One of these has an agent of that kind who is the payer; undecided where it cannot be told who that is. */
function byThePayer(
  found: readonly Received[],
  all: readonly Received[],
  scene: Scene,
  kind: (agent: ReturnType<typeof agentsOf>[number]) => boolean,
  name: string,
): Finding[] {
  const answers = found.flatMap(({ resource }) =>
    agentsOf(resource)
      .filter(kind)
      .map((agent) => isThePayer(agent, all, scene)),
  )
  if (answers.includes(true)) return []
  if (answers.includes(undefined))
    return [undecided(found[0]?.exchange, `it cannot be told whether the ${name} is the payer`)]
  return [
    unmet(found[0]?.exchange, 'missing-provenance', `no Provenance names the payer as ${name}`, {
      expected: `agent of type ${name}, who is the payer`,
      actual: answers.length === 0 ? `no ${name}` : 'another organization',
    }),
  ]
}

export const payerTransmits = check(
  'PDEX-075',
  'SHALL',
  'A Provenance names the payer as transmitter',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const found = all.filter(isProvenance)
    if (found.length === 0) {
      // A read or a narrow search need not bring any: $everything and an export do.
      const [whole] = holdings(transcript, scene).filter(({ method }) => method !== 'search')
      return whole
        ? [
            unmet(whole.exchanges.at(-1), 'missing-provenance', `${whole.method} brings no Provenance at all`, {
              expected: 'agent of type transmitter',
            }),
          ]
        : [undecided(undefined, 'no Provenance came')]
    }
    const persons = found.flatMap(({ resource, exchange, expression }) =>
      agentsOf(resource)
        .filter((agent) => isTransmitter(agent) && /^Practitioner/.test(typeOf(agent.who) ?? ''))
        .map(() =>
          suspicious(exchange, 'wrong-transmitter', 'a transmitter is a person, not the payer', { expression }),
        ),
    )
    return [...few(persons), ...byThePayer(found, all, scene, isTransmitter, 'transmitter')]
  },
)

/** In each exchange: in the pages of a search or $everything, and in the files of an export that leaves Provenance in. */
export const everyExchangeHasATransmitter = check(
  'PDEX-078',
  'SHALL',
  'Each exchange carries a Provenance of the payer as transmitter',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const asking = holdings(transcript, scene).filter(
      ({ method, exchanges }) =>
        method !== 'search' ||
        exchanges.some((x) => asked(x).params.getAll('_revinclude').includes('Provenance:target')),
    )
    if (asking.length === 0) return [undecided(undefined, 'nothing was retrieved in a way that brings Provenance')]
    return asking.flatMap((holding) => transmitterOf(holding, all, scene))
  },
)

function transmitterOf(holding: Holding, all: readonly Received[], scene: Scene): Finding[] {
  const records = [...holding.seen.values()].filter(({ resource }) => isPersonal(resource.resourceType))
  if (records.length === 0) return [undecided(holding.exchanges[0], `${holding.method} transmitted nothing`)]
  const sent = provenancesIn(holding).filter(({ resource }) =>
    agentsOf(resource).some((agent) => isTransmitter(agent) && isThePayer(agent, all, scene) !== false),
  )
  if (sent.length === 0)
    return [
      unmet(
        holding.exchanges.at(-1),
        'missing-provenance',
        `${holding.method} carries no Provenance of the payer as transmitter`,
        {
          expected: 'Provenance with agent transmitter',
        },
      ),
    ]
  const targets = new Set(sent.flatMap(({ resource }) => targetsOf(resource)))
  const about = records.filter(({ resource }) => targets.has(keyOf(resource)))
  return about.length > 0
    ? []
    : [
        unmet(
          sent[0]?.exchange,
          'wrong-target',
          `the transmitter Provenance of ${holding.method} is about nothing that was transmitted`,
          {
            expected: 'targets among what was sent',
            actual: [...targets].slice(0, 5),
          },
        ),
      ]
}

export const transmissionChecks: readonly Check[] = [custodyIsTold, payerTransmits, everyExchangeHasATransmitter]

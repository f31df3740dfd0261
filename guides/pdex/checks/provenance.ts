/** Provenance: who sent it, who it is from, in what form it came (PDex prov, hprov, overview §126-§128, SD pdex-provenance). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Exchange, Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { payload } from '../../conformance/conformance.ts'
import { isPersonal } from '../../core/compartment.ts'
import { few, hasToken, isMistaken, requests, status, suspicious } from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { at, keyOf, type Received, resourcesIn } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { type Holding, holdings } from '../holdings.ts'
import {
  agentsOf,
  formatsOf,
  isCustodial,
  isOrigin,
  isProvenance,
  isThePayer,
  isTransmitter,
  provenancesIn,
  sourceFormats,
  sourceFormatUrl,
  targetsOf,
  typeOf,
} from '../origins.ts'
import { searchedTypes } from '../profiles.ts'
import { each, pdexProvenanceIsSound, sourceFormatStandsRight } from './provenance-profile.ts'

/** Searches with _revinclude=Provenance:target that found something. */
const revincludes = (transcript: Transcript, scene: Scene): Exchange[] =>
  requests(
    transcript,
    scene,
    ({ interaction, params }, x) =>
      interaction === 'search-type' &&
      x.move === 'search' &&
      params.getAll('_revinclude').includes('Provenance:target') &&
      !isMistaken(x) &&
      hasToken(x),
  )

const withMatches = (made: readonly Exchange[]): Exchange[] =>
  made.filter((x) => succeeded(x) && matchesOf(x).length > 0)

export const sourceIsDescribed = check(
  'PDEX-062',
  'SHOULD',
  'Provenance of the original source comes with a search',
  (transcript, scene) => {
    const found = withMatches(revincludes(transcript, scene))
    if (found.length === 0) return [undecided(undefined, 'no search with _revinclude=Provenance:target found anything')]
    const described = found.some((x) =>
      resourcesIn(x)
        .filter(isProvenance)
        .some(({ resource }) => agentsOf(resource).some(isOrigin)),
    )
    return described
      ? []
      : [
          unmet(found[0], 'missing-provenance', 'no search brought a Provenance with an author or source', {
            expected: 'agent of type author or source',
          }),
        ]
  },
)

/** Each member-related resource has an origin, in particular when it is asked for. */
export const eachHasAnOrigin = check(
  'PDEX-063',
  'SHOULD',
  'Each resource of the member comes with an origin Provenance',
  (transcript, scene) => {
    const found = withMatches(revincludes(transcript, scene))
    const wholes = holdings(transcript, scene).filter(({ method }) => method !== 'search')
    const findings: Finding[] = []
    let judged = 0
    const count = (
      where: string,
      exchange: Exchange | undefined,
      records: readonly Received[],
      provenance: readonly Received[],
    ): void => {
      const covered = new Set(
        provenance
          .filter(({ resource }) => agentsOf(resource).some(isOrigin))
          .flatMap(({ resource }) => targetsOf(resource)),
      )
      const without = records.filter(({ resource }) => !covered.has(keyOf(resource)))
      judged += records.length
      if (without.length > 0)
        findings.push(
          unmet(
            exchange,
            'missing-provenance',
            `${without.length} of ${records.length} resources of ${where} have no origin Provenance`,
            {
              expected: without.slice(0, 5).map(({ resource }) => keyOf(resource)),
            },
          ),
        )
    }
    for (const x of found) {
      const records = matchesOf(x).filter(({ resource }) => isPersonal(resource.resourceType))
      if (records.length > 0) count(`the search of ${asked(x).type}`, x, records, resourcesIn(x).filter(isProvenance))
    }
    for (const holding of wholes)
      count(
        holding.method,
        holding.exchanges.at(-1),
        [...holding.seen.values()].filter(({ resource }) => isPersonal(resource.resourceType)),
        provenancesIn(holding),
      )
    return judged === 0 ? [undecided(undefined, 'nothing of the member came that could have an origin')] : few(findings)
  },
)

export const formatIsTold = check(
  'PDEX-064',
  'SHOULD',
  'Provenance tells in what form the information came',
  (transcript, scene) =>
    each(transcript, scene, ({ resource, exchange, expression }) =>
      formatsOf(resource).some(({ system }) => system === sourceFormats)
        ? []
        : [
            unmet(exchange, 'missing-element', `${keyOf(resource)} tells no source format`, {
              expected: sourceFormatUrl,
              expression: `${expression}.entity.extension`,
            }),
          ],
    ),
)

const elements = ['target.reference', 'recorded', 'agent.type', 'agent.who', 'entity.role', 'entity.what'] as const

export const elementsAreThere = check(
  'PDEX-066',
  'SHOULD',
  'Provenance has target, recorded, agent, entity and source format',
  (transcript, scene) =>
    each(transcript, scene, ({ resource, exchange, expression }) => {
      const missing: string[] = elements.filter((path) => at(resource, path).length === 0)
      if (formatsOf(resource).length === 0) missing.push('entity.extension[ProvenanceSourceFrom]')
      return missing.length > 0
        ? [
            unmet(exchange, 'missing-element', `${keyOf(resource)} lacks ${missing.join(', ')}`, {
              expected: missing,
              expression,
            }),
          ]
        : []
    }),
)

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

/** Types whose search the CapabilityStatements list with _revinclude=Provenance:target. */
const withRevInclude = (scene: Scene): string[] =>
  searchedTypes(scene.editions).filter((type) => type !== 'ExplanationOfBenefit')

export const provenanceCanBeHad = check(
  'PDEX-070',
  'SHALL',
  '_revinclude=Provenance:target brings Provenance for every type',
  (transcript, scene) => {
    const made = revincludes(transcript, scene).filter((x) => withRevInclude(scene).includes(asked(x).type ?? ''))
    const refused = made
      .filter((x) => !succeeded(x))
      .flatMap((x) => status(x, [200], `a search of ${asked(x).type} takes _revinclude=Provenance:target`))
    const found = withMatches(made)
    const ignored = found
      .filter((x) => !resourcesIn(x).some(isProvenance))
      .map((x) =>
        unmet(x, 'missing-include', `_revinclude=Provenance:target brings no Provenance of any ${asked(x).type}`, {
          expected: 'Provenance',
        }),
      )
    if (refused.length + ignored.length > 0) return few([...refused, ...ignored])
    return found.length === 0
      ? [undecided(undefined, 'no search with _revinclude=Provenance:target found anything')]
      : []
  },
)

/** Forms in which claims come to a payer. */
const claimForms = /^(x12|ncpdp|script)/

export const claimsAreTold = check(
  'PDEX-074',
  'SHOULD',
  'Provenance of claims tells the form of the claim',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const claims = new Set(
      all
        .filter(({ resource }) => resource.resourceType === 'ExplanationOfBenefit')
        .map(({ resource }) => keyOf(resource)),
    )
    const about = all.filter(
      (one) =>
        isProvenance(one) &&
        agentsOf(one.resource).some(isOrigin) &&
        targetsOf(one.resource).some((key) => claims.has(key)),
    )
    if (about.length === 0) return [undecided(undefined, 'no origin Provenance of a claim came')]
    return few(
      about
        .filter(({ resource }) => !formatsOf(resource).some(({ code }) => claimForms.test(code ?? '')))
        .map(({ resource, exchange, expression }) =>
          unmet(exchange, 'wrong-format', `${keyOf(resource)} is about a claim and tells no form of X12 or NCPDP`, {
            actual: formatsOf(resource).map(({ code }) => code),
            expression,
          }),
        ),
    )
  },
)

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

export const provenanceChecks: readonly Check[] = [
  sourceIsDescribed,
  eachHasAnOrigin,
  formatIsTold,
  elementsAreThere,
  custodyIsTold,
  provenanceCanBeHad,
  claimsAreTold,
  payerTransmits,
  everyExchangeHasATransmitter,
  pdexProvenanceIsSound,
  sourceFormatStandsRight,
]

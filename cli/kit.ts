/**
 * The kit that `simulate` leaves behind: certificates and keys of two clients, the root to trust, the people as files that
 * can be loaded into any server, plans that put the simulated payer under test, with test hooks and without, and a README.
 */
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Bundle, Parameters } from 'fhir/r4.js'
import { stringify } from 'yaml'
import { bodyOf, draftMatch } from '../flows/match-request.ts'
import type { Person } from '../harness/person.ts'
import { dashed, type Kit, kitReadme } from './kit-readme.ts'
import { makeFolder } from './run-folder.ts'

const requesters = ['requesting payer', 'another payer'] as const

/** Writes it into `folder` (made where it is not there) and returns the folder. */
export function writeKit(folder: string, kit: Kit): string {
  makeFolder(join(folder, 'people'), '--kit')
  const write = (name: string, text: string, secret = false): void =>
    writeFileSync(join(folder, name), text, secret ? { mode: 0o600 } : {})
  write('root.pem', kit.roots.join('\n'))
  write('hooks.key', `${kit.hooks.key}\n`, true)
  write('trust-manager.token', `${kit.deskToken}\n`, true)
  for (const actor of [...requesters, 'responding payer'] as const) {
    const { credentials, signing } = kit.identities[actor]
    write(`${dashed(actor)}.pem`, credentials?.cert ?? '')
    write(`${dashed(actor)}.key`, credentials?.key ?? '', true)
    write(`${dashed(actor)}-signing.key`, signing?.key ?? '', true)
    write(`${dashed(actor)}-jwks.json`, pretty({ keys: signing ? [signing.publicJwk] : [] }))
  }
  for (const person of kit.people) {
    write(join('people', `${dashed(person.name)}-submitted.json`), pretty(submittedOf(person)))
    write(join('people', `${dashed(person.name)}-match.json`), pretty(matchOf(person, kit)))
    if (person.record) write(join('people', `${dashed(person.name)}.json`), pretty(recordOf(person)))
  }
  write('README.md', kitReadme(kit))
  const head = '# A plan: which system sits in which seat. All its words: cli/plan.schema.json\n'
  write('plan.yaml', head + stringify(planOf(folder, kit, true)))
  write('plan-without-hooks.yaml', head + stringify(planOf(folder, kit, false)))
  return folder
}

function planOf(folder: string, { editions, identities, people, certs, hooks, places }: Kit, hooked: boolean): object {
  const { name, uri, identifier } = identities['responding payer']
  return {
    title: `A simulated payer in a process of its own${hooked ? '' : ', without test hooks'}`,
    editions: [
      Object.entries(editions)
        .map(([guide, version]) => `${guide}@${version}`)
        .join(','),
    ],
    seats: {
      'responding payer': {
        name,
        uri,
        identifier,
        fhir: places.fhir,
        open: places.open,
        roots: ['root.pem'],
        credentials: { certificate: 'responding-payer.pem', key: 'responding-payer.key' },
        ...(hooked ? { hooks: hooks.url, hooksKey: 'hooks.key' } : {}),
      },
    },
    requesters: Object.fromEntries(
      requesters.map((actor) => [
        actor,
        { credentials: { certificate: `${dashed(actor)}.pem`, key: `${dashed(actor)}.key` } },
      ]),
    ),
    community: { folder: relative(folder, certs).replaceAll('\\', '/') },
    ...(hooked ? {} : { people: peopleOf(people), behaviour: { segmentation: 'excludes' } }),
    data: 'synthetic',
  }
}

/** What `simulate` has brought the payer to, beside what it holds of them. */
const brought: Readonly<Record<string, object>> = { 'Ben Brown': { twins: true }, 'Dev Desai': { blocked: true } }

/** Whoever has a record: the bundle that the system holds, and what is submitted to be matched with it. */
const peopleOf = (people: readonly Person[]): object =>
  Object.fromEntries(
    people
      .filter(({ record }) => record)
      .map(({ name, patientId, memberIdentifier }) => [
        name,
        {
          bundle: `people/${dashed(name)}.json`,
          submitted: `people/${dashed(name)}-submitted.json`,
          ...(patientId ? { patient: patientId } : {}),
          ...(memberIdentifier ? { member: memberIdentifier } : {}),
          ...brought[name],
        },
      ]),
  )

const recordOf = ({ record }: Person): Bundle => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: (record ?? []).map((resource) => ({ resource })),
})

const submittedOf = ({ submitted }: Person): Parameters => ({
  resourceType: 'Parameters',
  parameter: [
    { name: 'MemberPatient', resource: submitted.patient },
    { name: 'CoverageToMatch', resource: submitted.coverageToMatch },
    { name: 'CoverageToLink', resource: submitted.coverageToLink },
  ],
})

/** The whole request of the requesting payer, with a consent that holds from yesterday on for a year. */
function matchOf(person: Person, { identities, now }: Kit): object {
  const day = (years: number, days: number): string =>
    new Date(Date.UTC(now.getUTCFullYear() + years, now.getUTCMonth(), now.getUTCDate() + days))
      .toISOString()
      .slice(0, 10)
  const terms = { policy: 'sensitive', start: day(0, -1), end: day(1, -1) } as const
  const about = { asker: identities['requesting payer'], payer: identities['responding payer'], now }
  return JSON.parse(bodyOf(draftMatch(person, terms, about))) as object
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

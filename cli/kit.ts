/**
 * The kit that `simulate` leaves behind: certificates and keys of two clients, the root to trust, the people as files that
 * can be loaded into any server, and plans that put the simulated payer under test, with test hooks and without.
 */
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Bundle, Parameters } from 'fhir/r4.js'
import { stringify } from 'yaml'
import type { ActorName, Identity, Places } from '../harness/actor.ts'
import type { Editions } from '../harness/edition.ts'
import type { Person } from '../harness/person.ts'
import { makeFolder } from './run-folder.ts'

export interface Kit {
  readonly editions: Editions
  readonly identities: Readonly<Record<ActorName, Identity>>
  readonly people: readonly Person[]
  /** PEM. */
  readonly roots: readonly string[]
  /** Folder of the authorities. */
  readonly certs: string
  readonly hooks: { readonly url: string; readonly key: string }
  readonly places: Places
}

const requesters = ['requesting payer', 'another payer'] as const

/** Writes it into `folder` (made where it is not there) and returns the folder. */
export function writeKit(folder: string, kit: Kit): string {
  makeFolder(join(folder, 'people'), '--kit')
  const write = (name: string, text: string, secret = false): void =>
    writeFileSync(join(folder, name), text, secret ? { mode: 0o600 } : {})
  write('root.pem', kit.roots.join('\n'))
  write('hooks.key', `${kit.hooks.key}\n`, true)
  for (const actor of [...requesters, 'responding payer'] as const) {
    const { credentials, signing } = kit.identities[actor]
    write(`${dashed(actor)}.pem`, credentials?.cert ?? '')
    write(`${dashed(actor)}.key`, credentials?.key ?? '', true)
    write(`${dashed(actor)}-signing.key`, signing?.key ?? '', true)
  }
  for (const person of kit.people) {
    write(join('people', `${dashed(person.name)}-submitted.json`), pretty(submittedOf(person)))
    if (person.record) write(join('people', `${dashed(person.name)}.json`), pretty(recordOf(person)))
  }
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

const dashed = (name: string): string => name.toLowerCase().replaceAll(' ', '-')
const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

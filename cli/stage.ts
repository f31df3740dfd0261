/** From arguments and plan to a stage. */

import { createPrivateKey, createPublicKey } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ActorName, Identity } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import { nearest } from '../harness/nearest.ts'
import type { Fault } from '../simulators/faults/fault.ts'
import { trustRowsOf, type Variant } from '../simulators/variants/variant.ts'
import type { Stage } from '../steps/run.ts'
import type { UnderTest } from '../steps/stages/under-test.ts'
import type { Plan } from './plan.ts'
import { textOf } from './plan-files.ts'

export interface StageChoice {
  readonly seed: string
  readonly plan?: string
  readonly fault?: string
  readonly variant?: string
  /** Told of each longer wait of a run against the wall clock. */
  readonly waits?: (seconds: number) => void
  /** Folder of the authorities; `certs/issued` unless told. */
  readonly certs?: string
}

const issued = join('certs', 'issued')

/** Opens it. Throws `bad-plan`, `bad-input`, `cannot-reach`, `file-trouble`. */
export async function stageOf(choice: StageChoice): Promise<{ stage: Stage; plan?: Plan }> {
  if (!choice.plan) {
    const { selfPlay } = await import('../steps/stages/self-play.ts')
    const fault = choice.fault === undefined ? undefined : await faultOf(choice.fault)
    const variant = choice.variant === undefined ? undefined : await variantOf(choice.variant)
    return {
      stage: await selfPlay({
        certs: choice.certs ?? issued,
        seed: choice.seed,
        faults: [...(fault ? [fault] : []), ...(variant ? trustRowsOf(variant) : [])],
        ...(variant ? { variant } : {}),
      }),
    }
  }
  if (choice.fault || choice.variant)
    throw new HarnessError(
      'bad-input',
      '--fault and --variant are for a simulator, and the plan puts a system under test in its seat',
      {
        remedy: 'leave out --plan, or --fault and --variant',
      },
    )
  const { readPlan } = await import('./plan.ts')
  const plan = readPlan(choice.plan)
  if (plan.packages) await takePackages(plan, plan.packages)
  const { underTest } = await import('../steps/stages/under-test.ts')
  return { stage: await underTest(systemOf(plan, choice)), plan }
}

/** The definitions that the plan brings come before the shipped ones in every check of a profile. */
async function takePackages(plan: Plan, names: readonly string[]): Promise<void> {
  const { loadPackages, usePackages } = await import('../profiles/validate.ts')
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  // A name with a # may still be a file beside the plan.
  const paths = names.map((name) => (existsSync(plan.fileOf(name)) ? plan.fileOf(name) : name))
  const loaded = await loadPackages(paths, { download: plan.download, say })
  for (const note of loaded.notes) say(note)
  usePackages(loaded)
}

/** The fault with that id. Throws `bad-input`. */
export async function faultOf(id: string): Promise<Fault> {
  const { faults } = await import('../simulators/faults/index.ts')
  const fault = faults.find((fault) => fault.id === id)
  if (!fault)
    throw new HarnessError('bad-input', `there is no fault "${id}"`, {
      remedy: `the nearest are ${nearest(
        id,
        faults.map((one) => one.id),
      ).join(', ')}; "npx vitruvian requirements show PDEX-109" names those of a requirement`,
    })
  return fault
}

/** The legal variant with that id. Throws `bad-input`. */
export async function variantOf(id: string): Promise<Variant> {
  const { variants } = await import('../simulators/variants/index.ts')
  const variant = variants.find((variant) => variant.id === id)
  if (!variant)
    throw new HarnessError('bad-input', `there is no variant "${id}"`, {
      remedy: `the nearest are ${nearest(
        id,
        variants.map((one) => one.id),
      ).join(', ')}; "npx vitruvian requirements show PDEX-109" names those of a requirement`,
    })
  return variant
}

/** What the plan says of the system, with the files read. */
export function systemOf(plan: Plan, choice: Pick<StageChoice, 'certs' | 'seed' | 'waits'>): UnderTest {
  const seat = plan.seats['responding payer']
  const text = (name: string): string => textOf(plan.fileOf(name))
  return {
    seed: choice.seed,
    community: {
      certs: plan.community?.folder ? plan.fileOf(plan.community.folder) : (choice.certs ?? issued),
      brought: broughtBy(plan, text),
      ...(plan.community?.port ? { port: plan.community.port } : {}),
      ...(plan.community?.address ? { address: plan.community.address } : {}),
    },
    identity: {
      name: seat.name,
      uri: seat.uri ?? seat.fhir,
      identifier: seat.identifier,
      ...(seat.credentials
        ? { credentials: { cert: text(seat.credentials.certificate), key: text(seat.credentials.key) } }
        : {}),
    },
    places: {
      fhir: seat.fhir,
      ...(seat.open ? { open: seat.open } : {}),
      ...(seat.token ? { token: seat.token } : {}),
      ...(seat.registration ? { registration: seat.registration } : {}),
    },
    ...(seat.roots ? { roots: seat.roots.map(text) } : {}),
    ...(seat.hooks ? { hooks: { url: seat.hooks, key: seat.hooksKey ? text(seat.hooksKey).trim() : '' } } : {}),
    people: Object.fromEntries(
      Object.entries(plan.people ?? {}).map(([name, holding = {}]) => {
        const { bundle, submitted, patient, member, discover, twins, blocked } = holding
        return [
          name,
          {
            ...(bundle ? { bundle: jsonOf(plan, bundle) } : {}),
            ...(submitted ? { submitted: jsonOf(plan, submitted) } : {}),
            ...(patient ? { patient } : {}),
            ...(member ? { member } : {}),
            ...(discover ? { discover } : {}),
            ...(twins ? { twins } : {}),
            ...(blocked ? { blocked } : {}),
          },
        ]
      }),
    ),
    ...(plan.longestWait ? { longestWait: plan.longestWait } : {}),
    ...(plan.behaviour?.segmentation ? { segmentation: plan.behaviour.segmentation } : {}),
    ...(choice.waits ? { waits: choice.waits } : {}),
  }
}

const jsonOf = (plan: Plan, name: string): unknown => JSON.parse(textOf(plan.fileOf(name)))

/** Certificates and registrations that the plan brings for the payers that the harness plays. */
function broughtBy(plan: Plan, text: (name: string) => string): UnderTest['community']['brought'] & object {
  const brought: Partial<Record<ActorName, Partial<Identity>>> = {}
  const seat = plan.seats['responding payer']
  if (seat.credentials)
    brought['responding payer'] = {
      name: seat.name,
      uri: seat.uri ?? seat.fhir,
      identifier: seat.identifier,
      credentials: { cert: text(seat.credentials.certificate), key: text(seat.credentials.key) },
    }
  for (const [actor, requester] of Object.entries(plan.requesters ?? {})) {
    if (!requester) continue
    const { credentials, client } = requester
    brought[actor as ActorName] = {
      ...(credentials?.name ? { name: credentials.name } : {}),
      ...(credentials?.uri ? { uri: credentials.uri } : {}),
      ...(credentials?.identifier ? { identifier: credentials.identifier } : {}),
      ...(credentials ? { credentials: { cert: text(credentials.certificate), key: text(credentials.key) } } : {}),
      ...(client ? { signing: signingOf(text(client.signingKey), client), clientId: client.id } : {}),
    }
  }
  return brought
}

const signingOf = (
  key: string,
  { alg, kid }: { alg: 'ES384' | 'RS384'; kid: string },
): NonNullable<Identity['signing']> => ({
  key,
  alg,
  kid,
  publicJwk: { ...createPublicKey(createPrivateKey(key)).export({ format: 'jwk' }), kid, alg, use: 'sig' },
})

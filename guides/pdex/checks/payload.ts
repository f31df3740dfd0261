/**
 * Do the resources satisfy the profiles that PDex names for them? Made for a given validator and table of must-support
 * elements; data.ts gives them the real ones (PDex intro, datamapping, mapping pages of US Core).
 */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Validate } from '../../../harness/validation.ts'
import type { Finding } from '../../../harness/verdict.ts'
import {
  type Conformance,
  conformances,
  conforming,
  isMissing,
  type MustSupport,
  withoutChildren,
} from '../../conformance/conformance.ts'
import { payload } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { keyOf, type Resource } from '../../core/received.ts'
import { expected, holdings } from '../holdings.ts'
import { isModern, pdexDevice, priorAuthorization } from '../profiles.ts'
import { claimsCarryNoMoney } from './amounts.ts'
import { givenElements } from './given-elements.ts'
import { claims } from './own-judging.ts'
import { isAuthorization, isClaim, isClinical, isImplant, type Kind, kinds, onlyFinancial } from './payload-kinds.ts'

/** The checks of the payload, judged by that validator and those must-support tables. */
export function payloadChecks(validate: Validate, mustSupport: MustSupport): readonly Check[] {
  const all = (
    transcript: Transcript,
    scene: Scene,
    wanted?: (resource: Resource) => boolean,
  ): readonly Conformance[] => conformances(transcript, scene, validate, wanted)

  const byKind = kinds.map(([requirement, verb, title, kind]) =>
    check(requirement, verb, title, (transcript, scene) => {
      if (kind.holds && !kind.holds(scene.editions))
        return [undecided(undefined, 'this edition of US Core has another rule')]
      const judged = all(
        transcript,
        scene,
        (resource) => resource.resourceType === kind.type && (kind.fits?.(resource) ?? true),
      )
      return judged.length > 0
        ? [...conforming(judged, () => true, kind.name), ...otherProfile(judged, kind)]
        : unseen(transcript, scene, kind)
    }),
  )

  const clinical = check('PDEX-021', 'SHALL', 'Clinical data satisfies US Core', (transcript, scene) =>
    conforming(all(transcript, scene, isClinical), () => true, 'clinical data'),
  )
  const basis = check('PDEX-022', 'SHALL', 'Claims satisfy a CARIN Basis profile', (transcript, scene) =>
    conforming(all(transcript, scene, isClaim), () => true, 'claims').concat(
      payload(transcript, scene)
        .filter(({ resource }) => isClaim(resource) && onlyFinancial(resource))
        .map(({ resource, exchange, expression }) =>
          unmet(exchange, 'financial-profile', `${keyOf(resource)} names a profile with amounts and none without`, {
            actual: resource.meta?.profile,
            expression: `${expression}.meta.profile`,
          }),
        ),
    ),
  )
  const authorizations = check(
    'PDEX-023',
    'SHALL',
    'Prior authorizations satisfy the PDex profile',
    (transcript, scene) => {
      const judged = all(transcript, scene, isAuthorization)
      const unnamed = judged.filter(({ received }) => !claims(received.resource, priorAuthorization))
      return [
        ...conforming(judged, () => true, 'prior authorizations'),
        ...few(
          unnamed.map(({ received: { resource, exchange, expression } }) =>
            unmet(exchange, 'missing-profile', `${keyOf(resource)} does not name the profile of prior authorizations`, {
              expected: priorAuthorization,
              actual: resource.meta?.profile,
              expression: `${expression}.meta.profile`,
            }),
          ),
        ),
      ]
    },
  )
  const own = check(
    'PDEX-025',
    'SHALL',
    'Devices and dispenses without a US Core profile satisfy the PDex one',
    (transcript, scene) => {
      const modern = isModern(scene.editions)
      const judged = all(
        transcript,
        scene,
        (resource) =>
          (resource.resourceType === 'Device' && !isImplant(resource)) ||
          (!modern && resource.resourceType === 'MedicationDispense'),
      )
      return [
        ...conforming(judged, () => true, 'devices and dispenses beyond US Core'),
        ...otherProfile(
          judged.filter(({ received }) => received.resource.resourceType === 'Device'),
          {
            type: 'Device',
            name: 'device',
            profile: pdexDevice,
          },
        ),
      ]
    },
  )
  const required = check('PDEX-013', 'SHALL', 'Required elements are there', (transcript, scene) =>
    conforming(all(transcript, scene), ({ is }) => is !== 'unprofiled', 'resources with a profile', isMissing),
  )
  const seeded = check(
    'PDEX-014',
    'SHALL',
    'Must-support elements that the payer holds are given',
    (transcript, scene) => givenElements(transcript, scene, all(transcript, scene), mustSupport),
  )
  const children = check('PDEX-015', 'SHALL', 'Must-support parts come with their parent', (transcript, scene) =>
    withoutChildren(all(transcript, scene), scene, mustSupport),
  )
  return [...byKind, clinical, basis, claimsCarryNoMoney, authorizations, own, required, seeded, children]
}

/** Valid under another legal profile, and not under the one that counts. */
const otherProfile = (judged: readonly Conformance[], { profile, name }: Kind): Finding[] =>
  profile === undefined
    ? []
    : few(
        judged
          .filter((one) => one.is === 'valid' && one.profile?.split('|')[0] !== profile)
          .map(({ received, profile: actual }) =>
            unmet(
              received.exchange,
              'other-profile',
              `${keyOf(received.resource)} is a ${name} and satisfies another profile`,
              {
                expected: profile,
                actual,
                expression: received.expression,
              },
            ),
          ),
      )

/** None came: unmet where the record holds one and the whole of the member was retrieved, else undecided. */
function unseen(transcript: Transcript, scene: Scene, { type, name, fits }: Kind): Finding[] {
  const held = [...(expected(scene, 'search')?.values() ?? [])].filter(
    (resource) => resource.resourceType === type && (fits?.(resource) ?? true),
  )
  const whole = holdings(transcript, scene).find(({ whole }) => whole === 'all' || whole.has(type))
  return held.length > 0 && whole
    ? [
        unmet(whole.exchanges.at(-1), 'missing-records', `the payer holds ${held.length} of ${name} and gives none`, {
          expected: held.slice(0, 3).map(keyOf),
        }),
      ]
    : [undecided(undefined, `the member's data holds no ${name}`)]
}

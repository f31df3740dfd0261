/** Provenance tells in what form the payer had received the data (PDex prov, SD pdex-provenance). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { payload } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { keyOf } from '../../core/received.ts'
import { agentsOf, formatsOf, isOrigin, isProvenance, sourceFormats, sourceFormatUrl, targetsOf } from '../origins.ts'
import { each } from './provenance-profile.ts'

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

export const sourceFormatChecks: readonly Check[] = [formatIsTold, claimsAreTold]

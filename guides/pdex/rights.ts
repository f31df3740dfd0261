/** Does a method keep to what a client may see? Told from the record where it is known, else from what its own answers show. */
import { undecided, unmet } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { few } from '../core/judging.ts'
import { keyOf } from '../core/received.ts'
import { type Holding, hidden, holdings, withheld } from './holdings.ts'

/** What the record holds and this client may not see is in none of these. */
export function shown(holding: Holding, out: ReadonlyMap<string, string>): Finding[] {
  return few(
    [...out].flatMap(([key, reason]) => {
      const seen = holding.seen.get(key)
      return seen
        ? [
            unmet(seen.exchange, 'disclosed', `${holding.method} gives ${key}: ${reason}`, {
              expression: seen.expression,
            }),
          ]
        : []
    }),
  )
}

/** ExplanationOfBenefits of a use that this client may not see: told without the record. */
export function withheldUses(holding: Holding, { permissions }: Scene): Finding[] {
  return few(
    [...holding.seen.values()].flatMap(({ exchange, resource, expression }) => {
      const reason = resource.resourceType === 'ExplanationOfBenefit' && withheld(resource.use, permissions)
      return reason
        ? [unmet(exchange, 'disclosed', `${holding.method} gives ${keyOf(resource)}: ${reason}`, { expression })]
        : []
    }),
  )
}

/** Judges that a method keeps to the client's rights; undecided where nothing is held that it could not see. */
export const keepsToRights = (method: Holding['method'], transcript: Transcript, scene: Scene): Finding[] => {
  const holding = holdings(transcript, scene).find((one) => one.method === method)
  if (!holding) return [undecided(undefined, `the data was not retrieved completely by ${method}`)]
  const out = hidden(scene)
  const findings = [...shown(holding, out), ...withheldUses(holding, scene)]
  const restricted =
    out.size > 0 ||
    (!scene.person?.record && (scene.permissions?.claims === false || scene.permissions?.priorAuthorizations === false))
  if (findings.length === 0 && !restricted)
    return [undecided(holding.exchanges[0], 'the record holds nothing that this client may not see')]
  return dedupe(findings)
}

/** One finding for each place. */
export const dedupe = (findings: readonly Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [`${finding.exchange} ${finding.expression}`, finding])).values(),
]

/** Keys of the ExplanationOfBenefits of that use. */
export const explanations = (holding: Holding, use: string): string[] =>
  [...holding.seen]
    .filter(([, { resource }]) => resource.resourceType === 'ExplanationOfBenefit' && resource.use === use)
    .map(([key]) => key)

/** Claims between payers carry no amounts (PDex payer-to-payer exchange, CARIN Basis profiles). */
import { check, undecided, unmet } from '../../../harness/check.ts'
import { payload } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { keyOf, type Resource, walk } from '../../core/received.ts'
import { isClaim } from './payload-kinds.ts'

/** Elements of type Money, wherever they stand; allowedunits is a plain number, and a benefit may be counted in visits. */
const money = ['amount', 'net', 'unitPrice', 'adjustment', 'allowedMoney', 'usedMoney', 'valueMoney']

/** The amounts in a claim. One whose value is masked tells nothing. */
function amountsIn(claim: Resource): string[] {
  const found = new Set<string>()
  walk(claim, '', (node, path) => {
    for (const name of money)
      if (typeof (node[name] as { value?: unknown } | undefined)?.value === 'number')
        found.add(`${path}.${name}`.replace(/\[\d+\]/g, '').slice(1))
  })
  return [...found]
}

export const claimsCarryNoMoney = check(
  'PDEX-022',
  'SHALL',
  'Claims between payers carry no amounts',
  (transcript, scene) => {
    const all = payload(transcript, scene).filter(({ resource }) => isClaim(resource))
    if (all.length === 0) return [undecided(undefined, 'no claim came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => {
        const found = amountsIn(resource)
        return found.length > 0
          ? [
              unmet(exchange, 'financial-data', `${keyOf(resource)} carries amounts`, {
                expected: 'none',
                actual: found,
                expression,
              }),
            ]
          : []
      }),
    )
  },
)

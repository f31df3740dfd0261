/** Claims between payers carry no amounts (PDex payer-to-payer exchange, CARIN Basis profiles). */
import { check, undecided, unmet } from '../../../harness/check.ts'
import { payload } from '../../conformance/payload.ts'
import { few } from '../../core/judging.ts'
import { at, keyOf } from '../../core/received.ts'
import { isClaim } from './payload-kinds.ts'

/** Where amounts stand; allowedunits is a plain number and no money. */
const money = [
  'total.amount',
  'payment.amount',
  'payment.adjustment',
  'adjudication.amount',
  'item.adjudication.amount',
  'item.net',
  'item.unitPrice',
  'item.detail.adjudication.amount',
  'item.detail.net',
  'item.detail.unitPrice',
  'item.detail.subDetail.adjudication.amount',
  'addItem.adjudication.amount',
  'addItem.net',
  'addItem.unitPrice',
  'benefitBalance.financial',
]

export const claimsCarryNoMoney = check(
  'PDEX-022',
  'SHALL',
  'Claims between payers carry no amounts',
  (transcript, scene) => {
    const all = payload(transcript, scene).filter(({ resource }) => isClaim(resource))
    if (all.length === 0) return [undecided(undefined, 'no claim came')]
    return few(
      all.flatMap(({ resource, exchange, expression }) => {
        const found = money.filter((path) => at(resource, path).length > 0)
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

/** Checks of a token that are made at one door and not at the next: bound at issue, asked for at a read, forgotten elsewhere. */
import type { PayerState } from '../state/payer-state.ts'
import { unrevoked } from './authorization-bearer.ts'
import { payerFault as f, type PayerFault } from './authorization-spoiling.ts'
import { bent, rows } from './spoiling.ts'

/** Doors beside the read of a single resource, by what is forgotten there. */
const doors = {
  'a search': rows.search,
  everything: rows.everything,
  'the next page of everything': rows.everythingPage,
  'an export': rows.kickOff,
  'the status of an export': rows.status,
  'a file of an export': rows.file,
} as const

const named = (door: string): string => door.replaceAll(' ', '-')

/** Whoever shows the token is taken for whom it was made for. */
const ofAnyBearer = bent((grant, { visit }) => ({
  ...grant,
  ...(visit.certificate ? { thumbprint: visit.certificate.thumbprint } : {}),
}))
const ofTheDead = bent((grant) => ({ ...grant, expires: Number.MAX_SAFE_INTEGER }))
/** The token to match with opens the data of the first member. */
const toMatchWith = (patient: (state: PayerState) => string | undefined) =>
  bent((grant, { state }) => {
    const patientId = patient(state)
    return grant.kind === 'match' && patientId
      ? { ...grant, kind: 'member', patientId, scopes: ['patient/*.rs'] }
      : grant
  })
const matchedLast = (state: PayerState): string | undefined => [...state.records.patients()][0]

const elsewhere: readonly PayerFault[] = Object.entries(doors).flatMap(([door, row]) => [
  f(
    `binding-forgotten-at-${named(door)}`,
    `does not look whose certificate brings the token to ${door}`,
    row,
    ['HREX-050', 'HREX-054', 'AUTH-084', 'AUTH-112'],
    ofAnyBearer,
  ),
  f(`lifetime-forgotten-at-${named(door)}`, `takes an expired token to ${door}`, row, ['AUTH-070'], ofTheDead),
  f(
    `kind-forgotten-at-${named(door)}`,
    `takes the token to match with to ${door}`,
    row,
    ['AUTH-070', 'AUTH-030', 'PDEX-100'],
    toMatchWith(matchedLast),
  ),
])

export const subtleTokenFaults: readonly PayerFault[] = [
  ...elsewhere,
  f(
    'revocation-forgotten-at-a-search',
    'takes a token that was given back to a search',
    rows.search,
    ['AUTH-070'],
    unrevoked,
  ),
  f(
    'revocation-forgotten-at-everything',
    'takes a token that was given back to everything',
    rows.everything,
    ['AUTH-070'],
    unrevoked,
  ),
]

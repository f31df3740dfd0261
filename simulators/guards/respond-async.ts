/** Kick-offs are answered asynchronously or not at all (Bulk Data kick-off, `Prefer: respond-async`). */
import { type Guard, outcome } from '../simulator.ts'
import { preferences } from './prefer.ts'

export const respondAsync: Guard = (request) =>
  preferences(request).respondAsync
    ? undefined
    : outcome(400, 'invalid', 'this operation is answered asynchronously only: send "Prefer: respond-async"')

/** What differs between the versions of HRex. */
import { holdsAt } from '../../harness/edition.ts'

/** HRex 1.0: member numbers typed MB, Consent needed, no MemberId, hrex-pat-1 that never sees a birth sex. */
export const isFirst = (hrex: string | undefined): boolean => hrex !== undefined && holdsAt('1.0', hrex)

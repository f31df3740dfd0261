/** Every way to let data slip out where nobody looks for it. */
import type { Fault } from './fault.ts'
import { otherLeaks } from './leak-elsewhere.ts'
import { foreignLeaks } from './leak-foreign.ts'
import { withheldLeaks } from './leak-withheld.ts'

export const leaks: readonly Fault[] = [...foreignLeaks, ...withheldLeaks, ...otherLeaks]

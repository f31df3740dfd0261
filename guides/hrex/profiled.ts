/** What the profile validator found, as findings about an exchange. An engine that cannot tell decides nothing. */
import { noted, undecided, unmet } from '../../harness/check.ts'
import type { Exchange } from '../../harness/transcript.ts'
import type { Validation } from '../../harness/validation.ts'
import type { Finding } from '../../harness/verdict.ts'
import { few } from '../core/judging.ts'

/** Errors are unmet, warnings are told. `name` tells the resource from others of its type. */
export function conformance(exchange: Exchange, validation: Validation, name?: string): Finding[] {
  if (!validation.decided) return [undecided(exchange, `${validation.profile}: ${validation.reason}`)]
  return few(
    validation.issues.flatMap(({ severity, code, message, ...detail }) => {
      const words = name ? `${name}: ${message}` : message
      if (severity === 'error') return [unmet(exchange, code, words, detail)]
      return severity === 'warning' ? [{ ...noted(exchange, code, words), ...detail }] : []
    }),
  )
}

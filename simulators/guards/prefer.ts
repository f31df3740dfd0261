/** The Prefer header, as far as FHIR gives it a meaning (RFC 7240; FHIR R4 async, search "handling"). */
import type { Asked } from '../asked.ts'

export interface Preferences {
  readonly respondAsync: boolean
  readonly handling?: 'strict' | 'lenient'
}

/** What the caller prefers; preferences may come in several headers and in any order. */
export function preferences(request: Asked): Preferences {
  const told = (request.headers.get('prefer') ?? '')
    .split(/[,;]/)
    .map((p) => p.trim().toLowerCase().replaceAll('"', ''))
  const handling = told.find((p) => p.startsWith('handling='))?.slice('handling='.length)
  return {
    respondAsync: told.includes('respond-async'),
    ...(handling === 'strict' || handling === 'lenient' ? { handling } : {}),
  }
}
